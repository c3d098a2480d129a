/** Decides how a check stops at the first thing that is wrong. */

type Facts = Readonly<Record<string, string | number | boolean>>;

/** Ends a check; caught by `verifyLedger` and turned into its report. */
export class Damage extends Error {
  readonly code: string;
  readonly facts: Facts;

  constructor(code: string, facts: Facts) {
    super(code);
    this.name = "Damage";
    this.code = code;
    this.facts = facts;
  }
}

/** A damage with its code and where it is. */
export function damage(code: string, facts: Facts): Damage {
  return new Damage(code, facts);
}
