"""Settings and access to the rule set: listeners, who may reach them, rules; arguments and targets on top."""
