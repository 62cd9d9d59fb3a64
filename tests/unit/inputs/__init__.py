"""Files, projects, revisions, hostile or not."""
