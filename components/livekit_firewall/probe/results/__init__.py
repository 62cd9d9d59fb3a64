"""From what both sides saw to verdicts, remedies and reports."""
