"""Readers for untrusted input, with limits on size and time: files, YAML, git revisions, stack configuration."""
