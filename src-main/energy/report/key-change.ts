/**
 * Decides how a chain of reports goes on when the worker gets another key: the key before signs
 * which one follows it, from which report on. Whoever has both keys alone can do so, so a verifier
 * follows the chain over the change by the reports themselves. Whose account a key is for, only the
 * ledger says: a statement here counts for an account's days and certificates where that account
 * anchored a day that names the key.
 */

import type { EnergyReport, KeyChange, KeyStatement } from "../../contract/energy-report.ts";
import { ed25519Sign, ed25519Verify } from "../../crypto/index.ts";
import { canonicalBytes } from "./canonical.ts";
import type { Findings } from "./findings.ts";
import { base64url, readBase64url } from "./sign-report.ts";
import type { ReportKey } from "./sign-report.ts";

/** What the key before signs. */
function changeBytes({ from, to, seq, prev }: Omit<KeyChange, "sig">): Uint8Array {
  return canonicalBytes({ schema: "energy-key-change/1", from, to, seq, prev });
}

/** Hands over to another key. */
export function signChange(key: ReportKey, change: Omit<KeyChange, "sig">): KeyChange {
  return { ...change, sig: base64url(ed25519Sign(key.secret, changeBytes(change))) };
}

function isSigned(change: KeyChange): boolean {
  const key = readBase64url(change.from.kid);
  const signature = readBase64url(change.sig);
  if (key === undefined || signature === undefined) return false;
  return ed25519Verify(key, changeBytes(change), signature);
}

const isSame = (one: KeyStatement, other: KeyStatement): boolean =>
  one.kid === other.kid && one.account === other.account && one.genesis === other.genesis;

/**
 * The keys that a chain had before the one that signed; none where what is said of them does not
 * hold. Says ENERGY_CHAIN.
 */
export function formerKeys(
  { former = [], subject, seq, prev }: EnergyReport,
  kid: string | undefined,
  findings: Findings,
): readonly KeyStatement[] {
  const last = former.at(-1);
  if (last === undefined) return [];
  const isLinked = former.every((change, at) => {
    const before = former[at - 1];
    const follows =
      before === undefined || (isSame(before.to, change.from) && before.seq < change.seq);
    return follows && change.from.genesis === change.to.genesis && isSigned(change);
  });
  const isOurs =
    last.to.account === subject.miner_id.toLowerCase() &&
    // A missing signature is told by itself.
    (kid === undefined || last.to.kid === kid) &&
    (last.seq < seq || (last.seq === seq && last.prev === prev));
  if (isLinked && isOurs) return former.map(({ from }) => from);
  findings.say(
    "ENERGY_CHAIN",
    "former",
    "The keys before did not hand over to the one that signed.",
  );
  return [];
}

/** Whether a report is the one after another by hand-over: the other's key signed for it. */
export function isHandedOver(
  { former = [], seq, prev }: EnergyReport,
  before: EnergyReport,
  kidBefore: string | undefined,
): boolean {
  const account = before.subject.miner_id.toLowerCase();
  return former.some(
    ({ from, seq: at, prev: after }) =>
      at === seq && after === prev && from.kid === kidBefore && from.account === account,
  );
}
