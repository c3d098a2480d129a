/**
 * Decides how this page comes to trust a commit: from the network's genesis document, each step
 * checked here; or, where that is too old, from the commit that the miner named when its owner
 * opened the page. Nothing the miner says later counts without proof.
 */

import { decode, encode } from "../../src-main/codec/index.ts";
import { bytesEqual, bytesToHex, hexToBytes } from "../../src-main/contract/bytes.ts";
import type { PageTrust } from "../../src-main/contract/control-api/light.ts";
import { accept, reject } from "../../src-main/contract/outcome.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { ed25519Verify } from "../../src-main/crypto/ed25519.ts";
import { sha256 } from "../../src-main/crypto/hasher.ts";
import {
  advanceTrust,
  ed25519Scheme,
  genesisCodec,
  lightUpdateCodec,
  TRUST_PERIOD_MS,
  trustCheckpoint,
  trustedViewCodec,
  trustGenesis,
} from "../../src-main/ledger/light/index.ts";
import type { TrustedView } from "../../src-main/ledger/light/index.ts";

/** Where trust began. */
export type TrustBasis = "genesis" | "opening";

/** What is trusted, and why. */
export interface Trust {
  readonly view: TrustedView;
  readonly basis: TrustBasis;
}

const scheme = ed25519Scheme(ed25519Verify);
const needsAt = (nowMs: number) => ({ hasher: sha256, scheme, nowMs: BigInt(nowMs) });

/**
 * The view of the genesis document.
 * @param name  the network's genesis hash as the page was opened with
 * @rejects LEDGER_RECEIPT_STATEMENT for another network's document, CODEC_*
 */
export function trustDocument(documentHex: string, name: string): Outcome<TrustedView> {
  const genesis = decode(genesisCodec, hexToBytes(documentHex));
  if (!genesis.ok) return genesis;
  const view = trustGenesis(sha256, genesis.value);
  const found = bytesToHex(view.genesisHash);
  return found === name ? accept(view) : reject("LEDGER_RECEIPT_STATEMENT", { genesis: found });
}

/** Follows updates, each checked. @rejects LEDGER_LIGHT_*, LEDGER_CERTIFICATE_*, CODEC_* */
export function followUpdates(
  from: TrustedView,
  updates: readonly string[],
  nowMs: number,
): Outcome<TrustedView> {
  let view = from;
  for (const hex of updates) {
    const update = decode(lightUpdateCodec, hexToBytes(hex));
    if (!update.ok) return update;
    const next = advanceTrust(view, update.value, needsAt(nowMs));
    if (!next.ok) return next;
    view = next.value;
  }
  return accept(view);
}

/** Begins at the commit named at the opening. @rejects LEDGER_LIGHT_*, LEDGER_CERTIFICATE_* */
export function trustOpening(
  genesis: TrustedView,
  named: PageTrust,
  updateHex: string,
  nowMs: number,
): Outcome<TrustedView> {
  const update = decode(lightUpdateCodec, hexToBytes(updateHex));
  if (!update.ok) return update;
  const checkpoint = {
    commitDigest: hexToBytes(named.commitDigest),
    vectorSize: BigInt(named.vectorSize),
    vectorRoot: hexToBytes(named.vectorRoot),
  };
  return trustCheckpoint(genesis, checkpoint, update.value, needsAt(nowMs));
}

/** Whether the miner must name a commit, since nothing trusted reaches the present. */
export function needsOpening(code: string): boolean {
  return code === "LEDGER_LIGHT_STALE" || code === "NODE_PRUNED";
}

/** What is kept for this tab. */
export function keepTrust({ view, basis }: Trust): string {
  return `${basis} ${bytesToHex(encode(trustedViewCodec, view))}`;
}

/** What was kept, if it is of this network and still vouches for newer commits. */
export function keptTrustOf(
  text: string | null,
  genesis: TrustedView,
  nowMs: number,
): Trust | null {
  const [basis, hex] = (text ?? "").split(" ");
  if ((basis !== "genesis" && basis !== "opening") || !/^(?:[0-9a-f]{2})+$/.test(hex ?? "")) {
    return null;
  }
  const view = decode(trustedViewCodec, hexToBytes(hex));
  if (!view.ok || !bytesEqual(view.value.genesisHash, genesis.genesisHash)) return null;
  const isFresh = BigInt(nowMs) <= view.value.time + TRUST_PERIOD_MS;
  return isFresh ? { view: view.value, basis } : null;
}
