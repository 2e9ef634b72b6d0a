"""What is wrong, and how to mend it: one table of checks, each a generator of findings."""
