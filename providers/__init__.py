"""SMS providers: one folder each, sans-I/O, strangers to each other; `registry.py` names them all."""
