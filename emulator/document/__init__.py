"""What the emulator covers, in Markdown, read from the tables and registries that it works by."""
