/**
 * Decides how a command comes to trust the newest commit without believing the daemon: from this
 * folder's genesis document, each step checked here. Where that document is too old or what leads
 * on from it is gone, it says so and begins at the commit that this machine's own daemon names.
 */

import { nativeEd25519Verify } from "../../adapters/native-crypto/ed25519.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import type { ControlClient } from "../../api/index.ts";
import { decode } from "../../codec/index.ts";
import { hexToBytes } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { ed25519Scheme } from "../../ledger/index.ts";
import type { Genesis } from "../../ledger/index.ts";
import {
  advanceTrust,
  lightUpdateCodec,
  trustCheckpoint,
  trustGenesis,
} from "../../ledger/light/index.ts";
import type { TrustedView } from "../../ledger/light/index.ts";

/** Answers asked for in a row; each leads on by weeks. */
const ROUNDS_MAX = 4;

/** A trusted commit, and what the trust rests on. */
export interface Followed {
  readonly view: TrustedView;
  readonly basis: "genesis" | "daemon";
}

/** Follows to the newest commit. @rejects LEDGER_LIGHT_*, LEDGER_CERTIFICATE_*, NODE_* */
export async function followLedger(
  client: ControlClient,
  genesis: Genesis,
  nowMs: number,
): Promise<Outcome<Followed>> {
  const begun = trustGenesis(nativeSha256, genesis);
  const followed = await follow(client, begun, nowMs);
  if (followed.ok) return accept({ view: followed.value, basis: "genesis" });
  const { code } = followed.rejection;
  if (code !== "LEDGER_LIGHT_STALE" && code !== "NODE_PRUNED") return followed;
  const named = await startAt(client, begun, nowMs);
  return named.ok ? accept({ view: named.value, basis: "daemon" }) : named;
}

async function follow(
  client: ControlClient,
  begun: TrustedView,
  nowMs: number,
): Promise<Outcome<TrustedView>> {
  let view = begun;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const answer = await client.call("ledger.light", { from: Number(view.number) });
    if (!answer.ok) return answer;
    for (const hex of answer.value.updates) {
      const update = decode(lightUpdateCodec, hexToBytes(hex));
      if (!update.ok) return update;
      const next = advanceTrust(view, update.value, needsAt(nowMs));
      if (!next.ok) return next;
      view = next.value;
    }
    if (Number(view.number) >= answer.value.newest) break;
  }
  return view.number === 0n ? reject("NODE_COMMIT", { commit: "0" }) : accept(view);
}

async function startAt(
  client: ControlClient,
  genesis: TrustedView,
  nowMs: number,
): Promise<Outcome<TrustedView>> {
  const status = await client.call("status", {});
  if (!status.ok) return status;
  const start = await client.call("ledger.light-start", { commit: status.value.head.commit });
  if (!start.ok) return start;
  const update = decode(lightUpdateCodec, hexToBytes(start.value.update));
  if (!update.ok) return update;
  const { commitDigest, vectorRoot, vectorSize } = update.value.certificate.statement;
  const checkpoint = { commitDigest, vectorRoot, vectorSize };
  return trustCheckpoint(genesis, checkpoint, update.value, needsAt(nowMs));
}

function needsAt(nowMs: number) {
  const scheme = ed25519Scheme(nativeEd25519Verify);
  return { hasher: nativeSha256, scheme, nowMs: BigInt(nowMs) };
}
