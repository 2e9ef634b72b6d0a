"""Who sees a conversation, kept right after its record, its number or the conversation itself has changed."""
