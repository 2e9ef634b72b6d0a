"""Who hears of a text, and how it reads. Pure: facts in, notifications out."""
