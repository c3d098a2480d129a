/** Decides how a data folder's ledger is opened: store, vote log and node, with native hashing. */

import { join } from "node:path";

import { openDiskLedger, openVoteLog } from "../../adapters/disk/index.ts";
import { systemClock } from "../../adapters/host/index.ts";
import {
  chooseMapHashing,
  nativeEd25519Verify,
  nativeSha256,
  nativeSignatures,
  openSignerRecovery,
} from "../../adapters/native-crypto/index.ts";
import { ed25519Sign, vrfProve, vrfVerify } from "../../crypto/index.ts";
import { createNode } from "../../node/index.ts";
import type { LedgerSearch, Node, NodeNeeds } from "../../node/index.ts";
import type { Log } from "../../ports/log.ts";
import type { SignerRecovery } from "../../ports/signer-recovery.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Founding } from "./founding.ts";
import { openSearch } from "./open-search.ts";
import { prunePayloads } from "./prune-payloads.ts";
import { snapshotsApart } from "./snapshot-apart.ts";
import type { StopStep } from "./stopping.ts";

/** An open ledger and what must end when it is no longer used. */
export interface OpenLedger {
  readonly node: Node;
  readonly search: LedgerSearch;
  readonly stops: readonly StopStep[];
}

/** What a node works with; who is done with it closes `recovery`. */
export type LedgerCrypto = NodeNeeds["crypto"] & { readonly recovery: SignerRecovery };

/**
 * Hashes, signatures and proofs as this machine does them fastest.
 * @param log  told who checks signatures, and why nobody faster does
 */
export async function ledgerCrypto(log?: Log): Promise<LedgerCrypto> {
  const { name, backend, passedOver } = await nativeSignatures();
  for (const { name: faster, fault } of passedOver) {
    const facts = { code: fault.code, backend: faster, reason: fault.message };
    log?.warn("a faster way to check signatures is not used", facts);
  }
  log?.info("signatures are checked", { backend: name });
  return {
    hasher: nativeSha256,
    hashPairs: chooseMapHashing(),
    verifyVrf: vrfVerify,
    verifyEd25519: nativeEd25519Verify,
    signatures: backend,
    recovery: openSignerRecovery({
      backend,
      onLost: (why) => log?.warn("a thread that recovers signers ended", { reason: String(why) }),
    }),
  };
}

/** The lock that guards a network's folder and everything in it. */
export function lockFile(folder: DataFolder): string {
  return join(folder.network, "lock");
}

/** What the owner's settings say of the ledger. */
export interface LedgerSettings {
  /** Commits before the newest whose state can be read. */
  readonly retention?: number;
  /** Newest slots whose records stay; 0 keeps all. */
  readonly keepPayloads?: number;
}

/** Makes the network of a folder known, once its lock is held. */
export type FoundNetwork = () => Founding;

/**
 * Locks the folder, opens its ledger and starts the node. Whatever was opened is closed again
 * when a later part fails.
 * Throws Fault STORE_*, NODE_*, WALLET_*.
 */
export async function openLedger(
  folder: DataFolder,
  found: FoundNetwork,
  log: Log,
  onFault: (error: unknown) => void,
  settings: LedgerSettings = {},
): Promise<OpenLedger & { readonly founding: Founding }> {
  const place = { folder: folder.ledger, lockFile: lockFile(folder) };
  const { retention, keepPayloads = 0 } = settings;
  const store = await openDiskLedger({
    ...place,
    ...(retention === undefined ? {} : { stateRetention: retention }),
  });
  const stops: StopStep[] = [{ name: "store", stop: () => store.close() }];
  try {
    const founding = found();
    const voteLog = openVoteLog(join(folder.ledger, "votes"));
    stops.push({ name: "vote log", stop: () => voteLog.close() });
    const { validator, validatorVrf } = founding.keys;
    const crypto = await ledgerCrypto(log);
    stops.push({ name: "signer recovery", stop: () => crypto.recovery.close() });
    const snapshots = snapshotsApart(folder);
    const node = createNode(
      { genesis: founding.genesis },
      {
        store,
        voteLog,
        clock: systemClock,
        log,
        onFault,
        snapshotApart: snapshots.make,
        keys: {
          consensusKey: validator.publicKey,
          vrfKey: validatorVrf.publicKey,
          sign: (message) => ed25519Sign(validator.secret, message),
          prove: (alpha) => vrfProve(validatorVrf.secret, alpha).proof,
        },
        crypto,
      },
    );
    await node.start();
    stops.push({ name: "node", stop: () => node.stop() });
    stops.push({ name: "snapshot", stop: () => snapshots.stop() });
    if (keepPayloads > 0) prunePayloads(node, keepPayloads, log);
    const search = await openSearch({ store, node, genesis: founding.genesis, log });
    stops.push({ name: "search", stop: () => Promise.resolve(search.stop()) });
    return { node, search, stops, founding };
  } catch (error) {
    for (const { stop } of [...stops].reverse()) await stop().catch(() => undefined);
    throw error;
  }
}
