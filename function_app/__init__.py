"""The Azure skin: triggers of a few lines, settings, logs, and the one place that knows which part plugs in where."""
