"""Many rows at once from a file, for `python -m emulator --load`."""
