"""Who may do what: privileges by role and depth, ownership, sharing."""
