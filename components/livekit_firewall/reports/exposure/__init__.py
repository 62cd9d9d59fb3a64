"""Who can reach what and why: as text, JSON, picture and page."""
