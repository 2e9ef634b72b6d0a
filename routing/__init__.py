"""Whose text is this? Match, rank, decide, explain. Pure: facts in, a decision with its reasons out."""
