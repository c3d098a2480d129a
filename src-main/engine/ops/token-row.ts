/** Decides which row of a table a token names. */

/** The row of a token, or −1 where it is no integer in 0..rows−1. */
export function tokenRow(token: number, rows: number): number {
  return Number.isInteger(token) && token >= 0 && token < rows ? token : -1;
}
