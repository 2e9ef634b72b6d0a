"""Beacon & Bell, the demo company: it sells and mends lighthouse lamps and fog bells, and nobody types numbers alike."""
