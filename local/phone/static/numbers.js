// Numbers for customers whom nobody knows yet. Pure.

// 555-0100 to 555-0199 are kept free for fiction, in every area.
const AREAS = ["212", "312", "415", "503", "512", "617", "702", "808", "907"];

/** A fictional number that is not among `taken`; `random` gives numbers from 0 to 1. */
export function freshNumber(taken, random) {
  const all = AREAS.flatMap((area) =>
    Array.from({ length: 100 }, (_, n) => `+1${area}55501${String(n).padStart(2, "0")}`),
  );
  const free = all.filter((number) => !taken.includes(number));
  return free[Math.floor(random() * free.length)];
}
