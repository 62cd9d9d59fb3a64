"""What an existing firewall admits, whoever made it."""
