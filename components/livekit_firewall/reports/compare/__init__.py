"""An existing firewall compared with what the configuration needs."""
