"""What an existing firewall admits, made by this package or not."""
