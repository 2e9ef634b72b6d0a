// Which notifications have been looked at. Dataverse does not keep that; as in Dynamics, opening the bell counts.

/** How many entries of the bell are new, where `seen` holds the ids of those looked at. */
export function unseen(bell, seen) {
  return bell.filter((entry) => !seen.includes(entry.id)).length;
}

/** Entries that came since the last look at the bell; none at the first (`before` is null), else all would pop up. */
export function arrived(before, bell) {
  if (before === null) return [];
  const known = new Set(before.map((entry) => entry.id));
  return bell.filter((entry) => !known.has(entry.id));
}
