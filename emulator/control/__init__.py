"""What those who run the tests can ask of an emulator: trouble, copies, other behaviour, many rows at once."""
