"""The ruleset on the machine that runs Pulumi: written to a file, applied, confirmed, rolled back."""
