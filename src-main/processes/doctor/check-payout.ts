/** Decides whether work is paid to where the settings say. */

import type { ControlClient } from "../../api/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { explainCode } from "../../contract/explain.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import type { Config } from "../config/keys.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { configuredPayout } from "../daemon/own-accounts.ts";
import { readGenesis } from "../read-genesis.ts";
import { fault, faultOf, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

const CHECK = "payout";

/** The address that a running daemon's ledger pays to; null where it does not say. */
export async function payoutOfDaemon(client: ControlClient): Promise<Uint8Array | null> {
  const shown = await client.call("wallet.show", {});
  if (!shown.ok) return null;
  const { accounts } = shown.value;
  const paid =
    accounts.find(({ role }) => role === "payout") ?? accounts.find(({ role }) => role === "owner");
  const address = paid === undefined ? null : parseAddress(paid.address);
  return address?.ok === true ? address.value : null;
}

/** Compares the settings with what is paid: by the daemon's word, else by the genesis document. */
export function checkPayout(
  config: Config,
  folder: DataFolder,
  paidByDaemon: Uint8Array | null,
): Finding {
  const wanted = configuredPayout(config);
  let paid: Uint8Array | null;
  try {
    paid = paidByDaemon ?? foundedPayout(folder);
  } catch (error) {
    return faultOf(CHECK, error);
  }
  if (paid === null) {
    const to = wanted === null ? "this machine's owner account" : addressToText(wanted);
    return ok(CHECK, `the first start founds a ledger that pays ${to}`);
  }
  const text = `work is paid to ${addressToText(paid)}`;
  if (wanted === null || bytesEqual(paid, wanted)) return ok(CHECK, text);
  const { next } = explainCode("PROCESSES_PAYOUT");
  return fault(CHECK, `${text}; config.toml names ${addressToText(wanted)}`, next);
}

/** Where the genesis has its workers paid; null where there is no genesis yet. */
function foundedPayout({ genesis }: DataFolder): Uint8Array | null {
  const working = readGenesis(genesis)?.accounts.find(({ roles }) => roles !== 0);
  return working?.payout ?? null;
}
