"""The tour of the demo: texts through the real callbacks, and what became of them, each step checked."""
