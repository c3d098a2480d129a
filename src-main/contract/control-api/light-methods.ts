/** Decides which calls serve those who check everything themselves: the page, and commands. */

import {
  accountViewParamsSchema,
  accountViewSchema,
  findParamsSchema,
  foundSchema,
  lightParamsSchema,
  lightSchema,
  lightStartParamsSchema,
  lightStartSchema,
  rowsParamsSchema,
  rowsSchema,
  slotClaimParamsSchema,
  slotClaimSchema,
  trailParamsSchema,
  trailSchema,
} from "./light.ts";

/** Lines of the method table. */
export const LIGHT_METHODS = {
  "ledger.light": {
    level: "view",
    about: "The way from a trusted commit to the newest, for whoever checks each step.",
    params: lightParamsSchema,
    result: lightSchema,
  },
  "ledger.light-start": {
    level: "view",
    about: "What a checker begins with who names a commit instead of the genesis document.",
    params: lightStartParamsSchema,
    result: lightStartSchema,
  },
  "ledger.slot": {
    level: "view",
    about: "A slot's record, outcome and commit, each with its path to a commit's roots.",
    params: slotClaimParamsSchema,
    result: slotClaimSchema,
  },
  "ledger.rows": {
    level: "view",
    about: "Rows of the state that a commit names, or that there are none, with their proofs.",
    params: rowsParamsSchema,
    result: rowsSchema,
  },
  "ledger.account": {
    level: "view",
    about: "All rows of an account with their proofs, and the slots that concern it.",
    params: accountViewParamsSchema,
    result: accountViewSchema,
  },
  "ledger.find": {
    level: "view",
    about:
      "What a text names: a slot, a record, a job, a unit, an account, a publication, a claim.",
    params: findParamsSchema,
    result: foundSchema,
  },
  "ledger.trail": {
    level: "view",
    about: "The units of a job and the slots that tell their story.",
    params: trailParamsSchema,
    result: trailSchema,
  },
} as const;
