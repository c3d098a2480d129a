/** A practice network on disk with a sponsored small job, a node, a miner and real children. */

import { join } from "node:path";
import { openBlobFiles } from "../../../src-main/adapters/blobs/index.ts";
import { openDiskLedger, openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import { systemClock, systemEntropy } from "../../../src-main/adapters/host/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import {
  addressOfSecretKey,
  ed25519PublicKey,
  nobleSignatures,
  vrfProve,
} from "../../../src-main/crypto/index.ts";
import { practiceGenesis, VIV } from "../../../src-main/ledger/index.ts";
import { templateHash } from "../../../src-main/learning/index.ts";
import { createMiner, submitJob } from "../../../src-main/miner/index.ts";
import type { MinerOptions } from "../../../src-main/miner/index.ts";
import type { MinerNeeds } from "../../../src-main/miner/needs.ts";
import type {
  AccountSigner,
  ForkChild,
  Miner,
  MinerStatus,
  UnitStatus,
} from "../../../src-main/miner/index.ts";
import { createNode } from "../../../src-main/node/index.ts";
import type { Node } from "../../../src-main/node/index.ts";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { REFERENCE } from "./small-job.ts";
import type { SmallJob } from "./small-job.ts";
import { keptLog, nodeCrypto, validatorKeys } from "../../worlds/node-parts.ts";

const secret = (seed: number) => new Uint8Array(32).fill(seed);
const signer = (seed: number): AccountSigner => ({
  address: addressOfSecretKey(secret(seed)),
  lane: 0,
  sign: (digest) => nobleSignatures.sign(digest, secret(seed)),
});

const [CONSENSUS, VRF, VERIFIER_VRF] = [secret(1), secret(2), secret(7)];
export const OWNER = signer(3);
export const WORKER = signer(5);
export const VERIFIER = {
  ...signer(6),
  prove: (alpha: Uint8Array) => vrfProve(VERIFIER_VRF, alpha),
};

export interface World {
  readonly node: Node;
  readonly miner: Miner;
  readonly log: string[];
  submit(listing?: number): Promise<Uint8Array>;
  /** Resolves when a unit's status is as asked; fails with the log after 60 s. */
  until(asked: (unit: UnitStatus, status: MinerStatus) => boolean): Promise<UnitStatus>;
  close(): Promise<void>;
}

/** Opens the world in the job's folder; opened again, it goes on where it was. */
export async function openWorld(
  job: SmallJob,
  fork: ForkChild = forkChild,
  change: Partial<
    Pick<MinerNeeds, "clock" | "datasetPath" | "energy" | "startPath" | "worker">
  > = {},
  options: Pick<MinerOptions, "closesAfterMs"> = {},
): Promise<World> {
  const genesis = genesisOf(job);
  const store = await openDiskLedger({ folder: join(job.folder, "ledger") });
  const voteLog = openVoteLog(join(job.folder, "ledger", "votes"));
  const { log, lines } = keptLog();
  const keys = validatorKeys(CONSENSUS, VRF);
  const crypto = nodeCrypto();
  const clock = change.clock ?? systemClock;
  const node = createNode({ genesis }, { store, voteLog, clock, log, keys, crypto });
  await node.start();
  const miner = createMiner(
    {
      unitsFolder: join(job.folder, "units"),
      workerDevice: REFERENCE,
      verifierDevice: REFERENCE,
      ...options,
    },
    {
      hasher: nativeSha256,
      clock: systemClock,
      entropy: systemEntropy,
      log,
      blobs: openBlobFiles(join(job.folder, "blobs"), nativeSha256),
      ledger: node,
      fork,
      worker: WORKER,
      verifier: VERIFIER,
      datasetPath: () => job.datasetPath,
      jobName: () => "quarters",
      ...change,
    },
  );
  return {
    node,
    miner,
    log: lines,
    async submit(listing = 1) {
      const order = { spec: { ...job.spec, seedRule: 1 }, listing };
      const needs = { hasher: nativeSha256, ledger: node, owner: OWNER };
      const sent = await submitJob(order, needs);
      if (!sent.ok) throw new Error(sent.rejection.code);
      return sent.value.id;
    },
    until: (asked) => waitFor(miner, lines, asked),
    async close() {
      await miner.stop();
      await node.stop();
      await voteLog.close();
      await store.close();
    },
  };
}

/** The genesis document of a job's world. */
export function genesisOf(job: SmallJob) {
  const listing = {
    name: "quarters",
    templateHash: templateHash(nativeSha256, { ...job.spec, seedRule: 1 }),
    unitPriceBase: job.spec.unitPriceBase,
    mintCapBase: 1_000n * VIV,
  };
  return practiceGenesis({
    time: 1_780_000_000_000n,
    validator: {
      consensusKey: ed25519PublicKey(CONSENSUS),
      vrfKey: ed25519PublicKey(VRF),
      address: addressOfSecretKey(secret(4)),
    },
    owner: OWNER.address,
    worker: { address: WORKER.address },
    verifier: { address: VERIFIER.address, vrfKey: ed25519PublicKey(VERIFIER_VRF) },
    pool: addressOfSecretKey(secret(8)),
    listings: [listing],
  });
}

function waitFor(
  miner: Miner,
  log: readonly string[],
  asked: (unit: UnitStatus, status: MinerStatus) => boolean,
): Promise<UnitStatus> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const status = miner.status();
      const unit = status.units[0];
      if (unit === undefined || !asked(unit, status)) return;
      end();
      clearTimeout(timer);
      resolve(unit);
    };
    const end = miner.onStatus(look);
    const timer = setTimeout(() => {
      end();
      const { units, ...rest } = miner.status();
      const seen = JSON.stringify({ rest, units }, (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      );
      reject(new Error(`not reached: ${seen}\n${log.join("\n")}`));
    }, 60_000);
    look();
  });
}
