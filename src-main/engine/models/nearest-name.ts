/** Decides which known name a person most likely meant: the one with the fewest edits. */

/** Least number of inserted, removed and replaced characters that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}

/** The known name nearest to `given`; the first of equally near ones. */
export function nearestName(given: string, known: readonly string[]): string {
  // A long given text costs time and cannot be near to anything.
  const short = given.slice(0, 64);
  let nearest = known[0];
  let least = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const distance = editDistance(short, name);
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}
