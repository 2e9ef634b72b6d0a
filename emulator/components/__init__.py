"""Rows that customize an environment: apps, web resources, settings, steps, and how they are published."""
