"""`phone-keys`: the phone index, filled and asked after."""
