/** Decides how lists look in a terminal: columns as wide as their widest entry, numbers right. */

/** Two spaces keep columns apart without lines. */
const GAP = "  ";

/**
 * Lays out rows under a heading.
 * @param right  indices of columns whose entries end at the same place
 */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const all = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => width(row[column]))));
  return all.map((row) =>
    row
      .map((cell, column) => {
        const space = " ".repeat(widths[column] - width(cell));
        return right.includes(column) ? space + cell : cell + space;
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** Names and values under each other, values aligned. */
export function pairs(entries: readonly (readonly [string, string])[]): string[] {
  const widest = Math.max(...entries.map(([name]) => width(name)));
  return entries.map(([name, value]) => `${name}${" ".repeat(widest - width(name))}${GAP}${value}`);
}

/** Characters as a reader counts them; an accent is no character of its own. */
function width(text: string): number {
  return [...new Intl.Segmenter("en").segment(text)].length;
}
