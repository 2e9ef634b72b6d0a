"""Messages that do more than write one row: one module each, registered when it is imported."""
