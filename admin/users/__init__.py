"""Who may text."""
