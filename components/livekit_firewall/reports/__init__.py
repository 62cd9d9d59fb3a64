"""What users read: exposure, explain, compare, lint, review."""
