/** Decides how the check of an export stops at the first thing that is wrong. */

import type { Rejection } from "../../contract/outcome.ts";

type Facts = Readonly<Record<string, string | number | boolean>>;

/** Ends a check; caught by `verifyExport` and turned into its rejection. */
export class Lie extends Error {
  readonly rejection: Rejection;

  constructor(code: string, facts: Facts) {
    super(code);
    this.name = "Lie";
    this.rejection = { code, facts };
  }
}

/** What is wrong with an export, and where. */
export function lie(code: string, facts: Facts): Lie {
  return new Lie(code, facts);
}
