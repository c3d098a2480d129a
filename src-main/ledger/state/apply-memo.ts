/** Decides when words are said to an account: always; the vector and its history keep them. */

import { accept } from "../../contract/outcome.ts";
import type { Rule } from "./rule.ts";

/** Changes no row: the fee is all that a memo costs. */
export const applyMemo: Rule<"memo"> = () => accept([]);
