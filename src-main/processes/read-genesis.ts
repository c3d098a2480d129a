/** Decides how a folder's genesis document is read: whole and of these rules, or with a reason. */

import { readFileSync } from "node:fs";
import { dirname } from "node:path";

import { decode } from "../codec/index.ts";
import { Fault } from "../contract/outcome.ts";
import { genesisCodec, RULE_VERSION, statedRuleVersion } from "../ledger/index.ts";
import type { Genesis } from "../ledger/index.ts";
import { folderFault } from "./config/data-folder.ts";

/**
 * The genesis document of a folder; null when none is there.
 * Throws Fault LEDGER_GENESIS_RULES for a network that rules of an earlier version founded,
 * NODE_GENESIS_RULE for a damaged document, and those of `folderFault`.
 */
export function readGenesis(file: string): Genesis | null {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw folderFault(file, error);
  }
  const genesis = decode(genesisCodec, bytes);
  if (genesis.ok) return genesis.value;
  const founded = statedRuleVersion(bytes);
  if (founded !== undefined && founded < RULE_VERSION) {
    throw new Fault("LEDGER_GENESIS_RULES", `${file} is of an earlier rule version`, {
      folder: dirname(file),
      founded,
      needed: RULE_VERSION,
    });
  }
  const facts = { file, because: genesis.rejection.code };
  throw new Fault("NODE_GENESIS_RULE", `${file} is not a genesis document`, facts);
}
