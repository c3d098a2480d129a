/** One job of a network from its submission to its end, honest or with a cheat in it. */

import { join } from "node:path";
import { openBlobFiles } from "../../src-main/adapters/blobs/index.ts";
import { systemClock, systemEntropy } from "../../src-main/adapters/host/index.ts";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import { bytesEqual, bytesToHex } from "../../src-main/contract/bytes.ts";
import type { Effect, UnitPhase, UnitRow } from "../../src-main/ledger/index.ts";
import { createMiner } from "../../src-main/miner/index.ts";
import type { ForkChild, Miner } from "../../src-main/miner/index.ts";
import { forkChild, forkModule } from "../../src-main/processes/fork-child.ts";
import { REFERENCE } from "../integration/miner/small-job.ts";
import { proveVerifier, signerOf } from "./cheat-network.ts";
import type { CheatNetwork, Who } from "./cheat-network.ts";
import { forgingLedger } from "./forging-ledger.ts";
import type { RecordCheat, Refusals } from "./forging-ledger.ts";

/** What is other than it should be. */
export interface Cheat {
  /** Path of the module that runs in the worker's or the verifier's place. */
  readonly worker?: string;
  readonly verifier?: string;
  readonly records?: RecordCheat;
  /** The job is paid from its owner's escrow, not minted. */
  readonly escrow?: boolean;
  /** Puts files into the unit's folder before its worker begins. */
  readonly files?: (unitFolder: string) => void;
}

/** Nothing is other than it should be. */
export const HONEST: Cheat = {};

/** How a unit ended. */
export interface UnitEnd {
  readonly unit: Uint8Array;
  readonly row: UnitRow;
  /** What commits did to it, in order. */
  readonly effects: readonly Effect[];
  /** Codes of records that were refused. */
  readonly refusals: readonly string[];
}

const LIMIT_MS = 30_000;

/** Resolves when a unit is as asked; fails with the network's log after 30 s. */
export function unitReaches(
  network: CheatNetwork,
  unit: Uint8Array,
  asked: (row: UnitRow) => boolean,
): Promise<UnitRow> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const row = network.node.unit(unit);
      if (row === undefined || !asked(row)) return;
      end();
      clearTimeout(timer);
      resolve(row);
    };
    const end = network.node.onCommit(look);
    const timer = setTimeout(() => {
      end();
      const row = network.node.unit(unit);
      reject(new Error(`stays ${row?.phase} ${row?.code}\n${network.lines.join("\n")}`));
    }, LIMIT_MS);
    look();
  });
}

/** Starts a miner for worker and verifier on their network; children are real processes. */
export function startMiner(
  network: CheatNetwork,
  unit: Uint8Array,
  cheat: Cheat,
  refusals: Refusals,
  worker: Who = "worker",
): Miner {
  const { node, job, log } = network;
  const fork: ForkChild = (kind) => {
    const module = cheat[kind];
    return module === undefined ? forkChild(kind) : forkModule(module);
  };
  const miner = createMiner(
    {
      unitsFolder: join(job.folder, "units"),
      workerDevice: REFERENCE,
      verifierDevice: REFERENCE,
    },
    {
      hasher: nativeSha256,
      clock: systemClock,
      entropy: systemEntropy,
      log,
      blobs: openBlobFiles(join(job.folder, "blobs"), nativeSha256),
      ledger: cheat === HONEST ? node : forgingLedger(network, cheat.records ?? {}, unit, refusals),
      fork,
      worker: signerOf(worker),
      verifier: { ...signerOf("verifier"), prove: proveVerifier },
      datasetPath: () => job.datasetPath,
      jobName: () => "quarters",
    },
  );
  miner.start();
  return miner;
}

const OVER: readonly UnitPhase[] = ["paid", "void"];

/** Runs a job to its end; whatever waits for a deadline gets it by a jump of the clock. */
export async function runUnit(network: CheatNetwork, cheat: Cheat = HONEST): Promise<UnitEnd> {
  const { node, clock, genesis, job } = network;
  const { unit } = await network.submitJob(cheat.escrow === true ? 0 : 1);
  const refusals: string[] = [];
  const effects: Effect[] = [];
  await unitReaches(network, unit, () => true);
  const end = node.onCommit((commit) => {
    for (const { effect } of commit.effects) {
      if ("unit" in effect && bytesEqual(effect.unit, unit)) effects.push(effect);
    }
  });
  cheat.files?.(join(job.folder, "units", bytesToHex(unit)));
  const miner = startMiner(network, unit, cheat, refusals);
  let jumped = false;
  const stuck = () => miner.status().units[0]?.code === "MINER_SUBMIT";
  const endStuck = miner.onStatus(() => {
    if (!jumped && stuck()) clock.jump(job.spec.verdictWindowMs + 1);
    jumped ||= stuck();
  });
  try {
    const settled = (row: UnitRow) => OVER.includes(row.phase) || row.phase === "disputed";
    const { phase } = await unitReaches(network, unit, settled);
    if (phase === "disputed") clock.jump(Number(genesis.constants.disputeWindowMs) + 1);
    const row = await unitReaches(network, unit, (now) => OVER.includes(now.phase));
    return { unit, row, effects, refusals };
  } finally {
    endStuck();
    end();
    await miner.stop();
  }
}
