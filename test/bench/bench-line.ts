/**
 * Decides what a benchmark prints: one line for each figure, in JSON as ARCHITECTURE.md section 10
 * "Developer commands" has it, else for people.
 */

/** One figure; peer, ratio and limit only where they exist. */
export interface BenchLine {
  /** room.operation/key=value key=value */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer?: string;
  readonly peerValue?: number;
  /** value / peerValue; above 1 we are the faster, where the unit is a rate. */
  readonly ratio?: number;
  readonly limit?: number;
  readonly ofLimit?: number;
}

/** A figure's comparisons. */
export interface Against {
  readonly peer?: string;
  readonly peerValue?: number;
  readonly limit?: number;
}

/** Puts a line together. */
export function benchLine(name: string, value: number, unit: string, against: Against = {}) {
  const { peer, peerValue, limit } = against;
  const line: BenchLine = {
    name,
    value: rounded(value),
    unit,
    ...(peer === undefined || peerValue === undefined
      ? {}
      : { peer, peerValue: rounded(peerValue), ratio: rounded(value / peerValue) }),
    ...(limit === undefined ? {} : { limit: rounded(limit), ofLimit: rounded(value / limit) }),
  };
  return line;
}

/** Four digits say more than any repetition of a run confirms. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** The line for people. */
export function lineForPeople(line: BenchLine): string {
  const parts = [`${line.name}  ${line.value} ${line.unit}`];
  if (line.peer !== undefined) {
    parts.push(`${line.peer} ${line.peerValue} ${line.unit}: ${line.ratio} times`);
  }
  if (line.limit !== undefined) {
    parts.push(`${((line.ofLimit ?? 0) * 100).toFixed(0)} % of ${line.limit}`);
  }
  return parts.join("; ");
}
