/**
 * A practice network on disk for cheats: a real node with its own accounts, whose deadlines pass
 * when the clock is moved. A second worker may be bonded; then each bond holds one unit only, so
 * two units at a time go to two workers.
 */

import { join } from "node:path";
import { openDiskLedger, openVoteLog } from "../../src-main/adapters/disk/index.ts";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex, compareBytes } from "../../src-main/contract/bytes.ts";
import {
  addressOfSecretKey,
  ed25519PublicKey,
  nobleSignatures,
  vrfProve,
} from "../../src-main/crypto/index.ts";
import { practiceGenesis, recordContext, signRecord, VIV } from "../../src-main/ledger/index.ts";
import type { Genesis, LedgerRecord, Payload, RecordContext } from "../../src-main/ledger/index.ts";
import { templateHash, unitId } from "../../src-main/learning/index.ts";
import type { JobSpecification } from "../../src-main/learning/index.ts";
import { submitJob } from "../../src-main/miner/index.ts";
import type { AccountSigner } from "../../src-main/miner/index.ts";
import { createNode } from "../../src-main/node/index.ts";
import type { Node } from "../../src-main/node/index.ts";
import type { Log } from "../../src-main/ports/log.ts";
import type { SmallJob } from "../integration/miner/small-job.ts";
import { JumpingClock } from "./jumping-clock.ts";
import { keptLog, nodeCrypto, validatorKeys } from "../worlds/node-parts.ts";

/** Everybody with an account. */
export const WHO = ["owner", "worker", "second", "verifier", "outsider"] as const;
export type Who = (typeof WHO)[number];

const secret = (seed: number) => new Uint8Array(32).fill(seed);
const SECRETS: Readonly<Record<Who, Uint8Array>> = {
  owner: secret(3),
  worker: secret(5),
  second: secret(9),
  verifier: secret(6),
  outsider: secret(10),
};
const [CONSENSUS, VRF, VERIFIER_VRF] = [secret(1), secret(2), secret(7)];
export const POOL = addressOfSecretKey(secret(8));

/** An account that signs as it should. */
export function signerOf(who: Who): AccountSigner {
  const key = SECRETS[who];
  return {
    address: addressOfSecretKey(key),
    lane: 0,
    sign: (digest) => nobleSignatures.sign(digest, key),
  };
}

/** The verifier's VRF. */
export const proveVerifier = (alpha: Uint8Array) => vrfProve(VERIFIER_VRF, alpha);

/** What may be wrong about a record's head or signature. */
export interface RecordTouch {
  readonly nonce?: bigint;
  readonly signer?: Who;
}

export interface CheatNetwork {
  readonly node: Node;
  readonly clock: JumpingClock;
  readonly genesis: Genesis;
  readonly context: RecordContext;
  readonly lines: string[];
  readonly log: Log;
  readonly job: SmallJob;
  /** Submits the job, sponsored (listing 1) or private (0); answers its id and its unit's. */
  submitJob(listing?: 0 | 1): Promise<{ job: Uint8Array; unit: Uint8Array }>;
  signed(who: Who, payload: Payload, touch?: RecordTouch): Uint8Array;
  /** Sends a record of somebody; answers the code it ends with, empty when it is applied. */
  send(who: Who, payload: Payload, touch?: RecordTouch): Promise<string>;
  sendStored(stored: Uint8Array): Promise<string>;
  close(): Promise<void>;
}

export async function openNetwork(job: SmallJob, workers: 1 | 2 = 1): Promise<CheatNetwork> {
  const genesis = genesisOf(job.spec, workers);
  const folder = join(job.folder, "ledger");
  const store = await openDiskLedger({ folder });
  const voteLog = openVoteLog(join(folder, "votes"));
  const clock = new JumpingClock();
  const { log, lines } = keptLog();
  const keys = validatorKeys(CONSENSUS, VRF);
  const crypto = nodeCrypto();
  const node = createNode({ genesis }, { store, voteLog, clock, log, keys, crypto });
  await node.start();
  const context = recordContext(nativeSha256, node.genesisHash());
  const signed = (who: Who, payload: Payload, { nonce, signer }: RecordTouch = {}) => {
    const account = signerOf(who).address;
    const record: LedgerRecord = {
      account,
      lane: 0,
      nonce: nonce ?? node.nextNonce(account, 0),
      validUntil: 0n,
      maxFee: VIV / 10n,
      payload,
    };
    return signRecord(record, context, signerOf(signer ?? who).sign);
  };
  const sendStored = async (stored: Uint8Array) => {
    const sent = await node.submit(stored);
    return sent.ok ? sent.value.outcome.code : sent.rejection.code;
  };
  return {
    node,
    clock,
    genesis,
    context,
    lines,
    log,
    job,
    signed,
    sendStored,
    send: (who, payload, touch) => sendStored(signed(who, payload, touch)),
    async submitJob(listing = 1) {
      const order = { spec: { ...job.spec, seedRule: 1 }, listing };
      const needs = { hasher: nativeSha256, ledger: node, owner: signerOf("owner") };
      const sent = await submitJob(order, needs);
      if (!sent.ok || sent.value.outcome.code !== "") throw new Error(`not submitted: ${lines}`);
      const { id } = sent.value;
      return { job: id, unit: unitId(nativeSha256, id, 0, 0) };
    },
    async close() {
      await node.stop();
      await voteLog.close();
      await store.close();
    },
  };
}

function genesisOf(spec: JobSpecification, workers: 1 | 2): Genesis {
  const listing = {
    name: "quarters",
    templateHash: templateHash(nativeSha256, { ...spec, seedRule: 1 }),
    unitPriceBase: spec.unitPriceBase,
    mintCapBase: 1_000n * VIV,
  };
  const genesis = practiceGenesis({
    time: 1_780_000_000_000n,
    validator: {
      consensusKey: ed25519PublicKey(CONSENSUS),
      vrfKey: ed25519PublicKey(VRF),
      address: addressOfSecretKey(secret(4)),
    },
    owner: signerOf("owner").address,
    worker: { address: signerOf("worker").address },
    verifier: { address: signerOf("verifier").address, vrfKey: ed25519PublicKey(VERIFIER_VRF) },
    pool: POOL,
    listings: [listing],
  });
  const constants = { ...genesis.constants, commitIntervalMs: 10n };
  const named = new Map(WHO.map((who) => [bytesToHex(signerOf(who).address), who]));
  const [first] = genesis.accounts.filter(
    ({ address }) => named.get(bytesToHex(address)) === "worker",
  );
  const oneBond = workers === 1 ? first.bondedBase : 10n * spec.unitPriceBase;
  const accounts = genesis.accounts.map((account) =>
    account === first ? { ...account, bondedBase: oneBond } : account,
  );
  const outsider = { ...first, address: signerOf("outsider").address, bondedBase: 0n, roles: 0 };
  accounts.push({ ...outsider, unitsPerHour: 0 });
  if (workers === 2) {
    accounts.push({ ...first, address: signerOf("second").address, bondedBase: oneBond });
  }
  accounts.sort((left, right) => compareBytes(left.address, right.address));
  return { ...genesis, constants, accounts };
}
