/** Decides whether this machine reads the similarity index as fast as it could. */

import { searchAccelerator } from "../../adapters/search-accelerator/index.ts";
import type { LoadedAccelerator } from "../../adapters/search-accelerator/index.ts";
import { explainCode } from "../../contract/explain.ts";
import { attention, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

const CHECK = "search";

/** Who reads large collections here; answers are right either way. */
export async function checkSearch(
  load: () => Promise<LoadedAccelerator> = searchAccelerator,
): Promise<Finding> {
  const { maker, fault } = await load();
  if (fault === undefined)
    return ok(CHECK, `graphs of ${maker.name}, checked by the ledger's index`);
  const { code, message } = fault;
  const text = `the ledger's index alone, slower in large collections; ${code}: ${message}`;
  return attention(CHECK, text, explainCode(code).next);
}
