"""Our tables, one module each (conversation and message together)."""
