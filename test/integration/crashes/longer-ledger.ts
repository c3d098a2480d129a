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

const NO_LOG = { info: () => {}, warn: () => {}, error: () => {} };

/** Adds records until the ledger has a complete tile; answers how many slots it has then. */
export async function makeLonger(folder: DataFolder): Promise<number> {
  const needs = { hasher: nativeSha256, clock: systemClock, entropy: systemEntropy };
  const found = () => openNetwork(folder, needs);
  const { node, founding, stops } = await openLedger(folder, found, NO_LOG, () => {});
  const { address, secret } = founding.keys.owner;
  const context = recordContext(nativeSha256, node.genesisHash());
  const first = node.nextNonce(address, 0);
  const sent = await Promise.all(
    Array.from({ length: TILE_HASHES }, (_, index) => {
      const payload = {
        kind: "transfer" as const,
        to: founding.keys.worker.address,
        amountBase: 1n,
      };
      const nonce = first + BigInt(index);
      const head = { account: address, lane: 0, nonce, validUntil: 0n, maxFee: VIV };
      const sign = (digest: Uint8Array) => nobleSignatures.sign(digest, secret);
      return node.submit(signRecord({ ...head, payload }, context, sign));
    }),
  );
  const refused = sent.find(({ ok }) => !ok);
  // The commit that names the last outcome comes by itself, some time later.
  await node.receipt(node.head().size - 1n);
  const { size } = node.head();
  for (const { stop } of [...stops].reverse()) await stop();
  if (refused !== undefined) throw new Error(`a transfer was refused: ${JSON.stringify(refused)}`);
  return Number(size);
}
