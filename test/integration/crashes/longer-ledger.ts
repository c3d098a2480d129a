/** A stopped data folder's ledger made longer, as its owner would: by transfers, through a node. */

import { systemClock, systemEntropy } from "../../../src-main/adapters/host/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { nobleSignatures } from "../../../src-main/crypto/index.ts";
import { recordContext, signRecord, VIV } from "../../../src-main/ledger/index.ts";
import type { DataFolder } from "../../../src-main/processes/config/data-folder.ts";
import { openNetwork } from "../../../src-main/processes/daemon/founding.ts";
import { openLedger } from "../../../src-main/processes/daemon/open-ledger.ts";

/** Hashes of a complete tile. */
const TILE_HASHES = 256;

/** Records that wait at once. */
const BURST = 500;

const NO_LOG = { info: () => {}, warn: () => {}, error: () => {} };

/** Adds records, or as many as a tile has hashes; answers how many slots the ledger has then. */
export async function makeLonger(folder: DataFolder, count = TILE_HASHES): Promise<number> {
  const needs = { hasher: nativeSha256, clock: systemClock, entropy: systemEntropy };
  const found = () => openNetwork(folder, needs);
  const { node, founding, stops } = await openLedger(folder, found, NO_LOG, () => {});
  const { address, secret } = founding.keys.owner;
  const context = recordContext(nativeSha256, node.genesisHash());
  const payload = { kind: "transfer", to: founding.keys.worker.address, amountBase: 1n } as const;
  const send = (nonce: bigint) => {
    const head = { account: address, lane: 0, nonce, validUntil: 0n, maxFee: VIV / 100n };
    const sign = (digest: Uint8Array) => nobleSignatures.sign(digest, secret);
    return node.submit(signRecord({ ...head, payload }, context, sign));
  };
  let refused: unknown;
  for (let done = 0; done < count && refused === undefined; done += BURST) {
    const first = node.nextNonce(address, 0);
    const nonces = Array.from({ length: Math.min(BURST, count - done) }, (_, at) => BigInt(at));
    const sent = await Promise.all(nonces.map((nonce) => send(first + nonce)));
    refused = sent.find(({ ok }) => !ok);
  }
  // The commit that names the last outcome comes by itself, some time later.
  await node.receipt(node.head().size - 1n);
  const { size } = node.head();
  for (const { stop } of [...stops].reverse()) await stop();
  if (refused !== undefined) throw new Error(`a transfer was refused: ${JSON.stringify(refused)}`);
  return Number(size);
}
