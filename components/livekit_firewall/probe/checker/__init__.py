"""The side outside the firewall: sends packets to every port and reads the replies."""
