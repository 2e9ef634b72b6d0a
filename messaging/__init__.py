"""The vocabulary of text messages: numbers, events, statuses, ids, errors. Pure: no I/O, no clock, no randomness."""
