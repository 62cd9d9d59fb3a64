"""What the services run with."""
