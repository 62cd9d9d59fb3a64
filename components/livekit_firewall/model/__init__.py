"""Ports, addresses, services, rules, packet sets, errors: values, without I/O."""
