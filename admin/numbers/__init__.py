"""The numbers that we text from, and who answers them."""
