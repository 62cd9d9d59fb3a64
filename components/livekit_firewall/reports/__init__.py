"""What people are told: exposure, explain, compare, lint, review."""
