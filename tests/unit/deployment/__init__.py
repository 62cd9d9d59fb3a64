"""From settings to the rule set."""
