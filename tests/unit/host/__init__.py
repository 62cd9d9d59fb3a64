"""What applies a ruleset on a machine."""
