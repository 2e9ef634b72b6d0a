"""The phone index (`txv_phonekey`): what should be in it, keeping it so, filling it, and whether it is complete."""
