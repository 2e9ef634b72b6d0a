"""Fetching the attachments of texts from wherever providers keep them: the one place where a customer's text makes us
call an address that is not in our settings."""
