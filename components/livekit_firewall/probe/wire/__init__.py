"""The messages that both sides exchange, sealed by a token."""
