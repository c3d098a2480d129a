/**
 * Decides how a table's numbers are held and standardised. They stay doubles until all rows are
 * read; then each column becomes (value − mean) / deviation, with mean and deviation of the
 * training rows alone, computed in double in reading order: mean = sum ÷ n, deviation =
 * √(sum of squared distances from the mean ÷ n). A column whose training values are all equal
 * gives 0 everywhere. The result is rounded to f32 and made canonical (NUMERICS.md).
 */

import { canon } from "../../engine/index.ts";

const CHUNK_BITS = 17;
const CHUNK_VALUES = 1 << CHUNK_BITS;

/** A growing list of doubles; never moved as it grows. */
export class TableCells {
  readonly #chunks: Float64Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(value: number): void {
    const within = this.#count & (CHUNK_VALUES - 1);
    if (within === 0) this.#chunks.push(new Float64Array(CHUNK_VALUES));
    this.#chunks[this.#count >>> CHUNK_BITS][within] = value;
    this.#count += 1;
  }

  at(index: number): number {
    return this.#chunks[index >>> CHUNK_BITS][index & (CHUNK_VALUES - 1)];
  }
}

/** Mean and deviation of one column over the training rows; 0 where the column is constant. */
export interface ColumnScale {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The scale of each column.
 * @param cells    rows × columns, row by row
 * @param isTrain  whether a row is for training; at least one is
 */
export function columnScales(
  cells: TableCells,
  columns: number,
  isTrain: (row: number) => boolean,
): ColumnScale[] {
  const rows = Array.from({ length: cells.count / columns }, (_, row) => row).filter(isTrain);
  const [first] = rows;
  return Array.from({ length: columns }, (_, column) => {
    const start = cells.at(first * columns + column);
    let sum = 0;
    // Rounding the mean of equal values could leave a tiny deviation, and noise times its inverse.
    let constant = true;
    for (const row of rows) {
      const value = cells.at(row * columns + column);
      sum += value;
      constant &&= value === start;
    }
    if (constant) return { mean: start, deviation: 0 };
    const mean = sum / rows.length;
    let squares = 0;
    for (const row of rows) {
      const distance = cells.at(row * columns + column) - mean;
      squares += distance * distance;
    }
    return { mean, deviation: Math.sqrt(squares / rows.length) };
  });
}

/** A value on its column's scale, as a canonical f32. */
export function standardised(value: number, { mean, deviation }: ColumnScale): number {
  return deviation === 0 ? 0 : canon((value - mean) / deviation);
}
