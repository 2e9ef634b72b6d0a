"""`simulate`: what would be decided about a text, without a text and without writing anything."""
