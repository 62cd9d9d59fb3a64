from firewall import firewall

firewall()
