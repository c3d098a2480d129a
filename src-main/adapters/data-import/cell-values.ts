/**
 * Decides what a cell says: a decimal number, an attempt at one, or words. Hexadecimal, thousands
 * separators and decimal commas are words: guessing at them could turn one number into another.
 */

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i;
const INTEGER = /^[+-]?[0-9]{1,9}(?:\.0*)?$/;

/** The largest magnitude taken: its square, summed over all rows, stays within a double. */
export const MAGNITUDE_MAX = 1e100;

/** The number a cell holds; NaN where it holds none or a larger one than is taken. */
export function cellNumber(cell: string): number {
  if (!DECIMAL.test(cell)) return Number.NaN;
  const value = Number(cell);
  return Math.abs(value) <= MAGNITUDE_MAX ? value : Number.NaN;
}

/** Whether a cell spells NaN or an infinity. */
export function isNotFinite(cell: string): boolean {
  return NOT_FINITE.test(cell);
}

/** Whether a first row's cells name columns: none is empty and none is or tries to be a number. */
export function areColumnNames(cells: readonly string[]): boolean {
  return cells.every((cell) => cell !== "" && !DECIMAL.test(cell) && !isNotFinite(cell));
}

/** The integer a label says ("3", "-1", "3.0"); undefined where it is words. */
export function labelNumber(label: string): number | undefined {
  return INTEGER.test(label) ? Number(label) : undefined;
}
