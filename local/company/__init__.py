<<<<<<< HEAD
"""Beacon & Bell, the demo company: it sells and mends lighthouse lamps and fog bells; no two people there type numbers
alike."""
=======
"""Beacon & Bell, the demo company: it sells and mends lighthouse lamps and fog bells, and no two type numbers alike."""
>>>>>>> house
