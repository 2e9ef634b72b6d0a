"""The administrator's commands: `python -m admin`. They set an environment up, look after it, and say what is wrong."""
