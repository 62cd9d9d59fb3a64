"""Derives the rule set from arguments: settings to listeners, access to rules, rules to targets."""
