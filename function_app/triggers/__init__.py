"""The functions, one module each: from Azure's types to ours and back."""
