"""Events that were set aside, and how they go back."""
