"""Ports, addresses, rules."""
