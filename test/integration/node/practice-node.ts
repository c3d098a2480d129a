/** A practice network with fixed keys, and a node of it in a folder. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDiskLedger, openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import type { DiskLedgerNeeds } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import {
  chooseMapHashing,
  nativeEd25519Verify,
  nativeSha256,
  nativeSignatures,
} from "../../../src-main/adapters/native-crypto/index.ts";
import {
  addressOfSecretKey,
  ed25519PublicKey,
  ed25519Sign,
  nobleSignatures,
  vrfProve,
  vrfVerify,
} from "../../../src-main/crypto/index.ts";
import {
  genesisHash,
  practiceGenesis,
  recordContext,
  signRecord,
  VIV,
} from "../../../src-main/ledger/index.ts";
import type { LedgerRecord, Payload } from "../../../src-main/ledger/index.ts";
import { createNode } from "../../../src-main/node/index.ts";
import type { Node, NodeNeeds } from "../../../src-main/node/index.ts";
import type { Clock } from "../../../src-main/ports/clock.ts";
import type { LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import type { Log } from "../../../src-main/ports/log.ts";
import type { VoteLog } from "../../../src-main/ports/vote-log.ts";

const secret = (seed: number) => new Uint8Array(32).fill(seed);

export const CONSENSUS_SECRET = secret(1);
export const VRF_SECRET = secret(2);
export const OWNER_SECRET = secret(3);
export const OWNER = addressOfSecretKey(OWNER_SECRET);
export const STRANGER = addressOfSecretKey(secret(9));

export const GENESIS = practiceGenesis({
  time: 1_780_000_000_000n,
  validator: {
    consensusKey: ed25519PublicKey(CONSENSUS_SECRET),
    vrfKey: ed25519PublicKey(VRF_SECRET),
    address: addressOfSecretKey(secret(4)),
  },
  owner: OWNER,
  worker: { address: addressOfSecretKey(secret(5)) },
  verifier: { address: addressOfSecretKey(secret(6)), vrfKey: ed25519PublicKey(secret(7)) },
  pool: addressOfSecretKey(secret(8)),
  listings: [],
});

const HASH = genesisHash(nativeSha256, GENESIS);
export const CONTEXT = recordContext(nativeSha256, HASH);

export const CRYPTO: NodeNeeds["crypto"] = {
  hasher: nativeSha256,
  hashPairs: chooseMapHashing(),
  verifyVrf: vrfVerify,
  verifyEd25519: nativeEd25519Verify,
  signatures: (await nativeSignatures()).backend,
};

export const KEYS: NodeNeeds["keys"] = {
  consensusKey: ed25519PublicKey(CONSENSUS_SECRET),
  vrfKey: ed25519PublicKey(VRF_SECRET),
  sign: (message) => ed25519Sign(CONSENSUS_SECRET, message),
  prove: (alpha) => vrfProve(VRF_SECRET, alpha).proof,
};

/** A clock that can be set, with real waiting; `waiting` counts timers that have not fired. */
export class SettableClock implements Clock {
  shiftMs = 0;
  waiting = 0;

  nowMs(): number {
    return systemClock.nowMs() + this.shiftMs;
  }

  after(delayMs: number, action: () => void): () => void {
    let open = true;
    const settle = () => {
      if (open) this.waiting -= 1;
      open = false;
    };
    this.waiting += 1;
    const cancel = systemClock.after(delayMs, () => {
      settle();
      action();
    });
    return () => {
      settle();
      cancel();
    };
  }
}

/** Keeps what was logged. */
export function memoryLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, info: write("info"), warn: write("warn"), error: write("error") };
}

/** A record of the owner, signed. */
export function ownerRecord(payload: Payload, nonce: bigint, change: Partial<LedgerRecord> = {}) {
  const head = { account: OWNER, lane: 0, nonce, validUntil: 0n, maxFee: VIV };
  const record: LedgerRecord = { ...head, payload, ...change };
  return signRecord(record, CONTEXT, (digest) => nobleSignatures.sign(digest, OWNER_SECRET));
}

/** A transfer of `amountBase` to a stranger. */
export function transfer(nonce: bigint, amountBase = 1n, change: Partial<LedgerRecord> = {}) {
  return ownerRecord({ kind: "transfer", to: STRANGER, amountBase }, nonce, change);
}

export interface OpenNode {
  readonly node: Node;
  readonly store: LedgerStore;
  readonly voteLog: VoteLog;
  readonly log: ReturnType<typeof memoryLog>;
  readonly faults: unknown[];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly clock?: Clock;
  readonly disk?: DiskLedgerNeeds;
  readonly crypto?: NodeNeeds["crypto"];
  readonly store?: (store: LedgerStore) => LedgerStore;
  /** Commits before the newest whose state can be read. */
  readonly retention?: number;
  /** Small, so that a short ledger has many entry files. */
  readonly segmentBytes?: number;
  readonly lockFile?: string;
  readonly snapshotApart?: NodeNeeds["snapshotApart"];
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "vivian-node-"));
}

async function openVotes(path: string, disk: LedgerStore, options: OpenOptions): Promise<VoteLog> {
  try {
    return openVoteLog(path, options.disk?.files);
  } catch (error) {
    await disk.close();
    throw error;
  }
}

/** Opens store and vote log in the folder and starts a node on them. */
export async function openNode(folder: string, options: OpenOptions = {}): Promise<OpenNode> {
  const { segmentBytes, retention, lockFile } = options;
  const place = {
    folder,
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
    ...(retention === undefined ? {} : { stateRetention: retention }),
    ...(lockFile === undefined ? {} : { lockFile }),
  };
  const disk = await openDiskLedger(place, options.disk);
  const store = options.store?.(disk) ?? disk;
  const voteLog = await openVotes(join(folder, "votes"), disk, options);
  const log = memoryLog();
  const faults: unknown[] = [];
  const clock = options.clock ?? systemClock;
  const onFault = (error: unknown) => void faults.push(error);
  const crypto = options.crypto ?? CRYPTO;
  const { snapshotApart } = options;
  const base = { store, voteLog, clock, log, keys: KEYS, crypto, onFault };
  const needs = snapshotApart === undefined ? base : { ...base, snapshotApart };
  const node = createNode({ genesis: GENESIS }, needs);
  const close = async () => {
    await node.stop();
    await voteLog.close();
    await store.close();
  };
  try {
    await node.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { node, store, voteLog, log, faults, close };
}
