"""Messages ⇄ rows: the only place that spells the columns which texts are read from and written to."""
