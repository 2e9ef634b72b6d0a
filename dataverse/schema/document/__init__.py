"""The schema in Markdown, for those who read rather than run."""
