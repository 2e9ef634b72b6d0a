"""Webhooks: steps that are registered on a message, what is posted when a row is written, and how it gets there."""
