"""Beacon & Bell, the demo company: it sells and mends lighthouse lamps and fog bells, and each number there is typed in
a way of its own."""
