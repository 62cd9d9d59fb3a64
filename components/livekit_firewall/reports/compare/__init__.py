"""A firewall that somebody made, held against what the configuration needs."""
