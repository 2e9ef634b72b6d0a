"""An environment gets everything that Textverse needs in it."""
