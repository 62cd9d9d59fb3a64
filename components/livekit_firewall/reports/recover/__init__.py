"""What a stack and its cloud no longer agree on after an update that broke off, and what brings them together."""
