"""What others wrote, read within bounds: files, YAML, Helm values, git revisions, stack configuration."""
