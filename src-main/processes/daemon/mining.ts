/**
 * Decides how the miner stands in the daemon: made with the folder's keys and blobs, shown in the
 * words of the control API, and its ended units get a receipt and a kept result.
 */

import { systemClock, systemEntropy } from "../../adapters/host/index.ts";
import { nativeSha256 } from "../../adapters/native-crypto/index.ts";
import { makeReceipt, specificationOf } from "../../api/index.ts";
import { hexToBytes } from "../../contract/bytes.ts";
import type { Handlers, LedgerNeeds } from "../../api/index.ts";
import type {
  MineStatus,
  OwnData,
  UnitCurve,
  UnitResult,
} from "../../contract/control-api/index.ts";
import { accept } from "../../contract/outcome.ts";
import { vrfProve } from "../../crypto/index.ts";
import type { JobRow } from "../../ledger/index.ts";
import { createMiner } from "../../miner/index.ts";
import type { Miner, UnitEnergyMeter, UnitStatus } from "../../miner/index.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Log } from "../../ports/log.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Config } from "../config/keys.ts";
import { forkChild } from "../fork-child.ts";
import type { ChosenEngine } from "./choose-engine.ts";
import type { Founding } from "./founding.ts";
import { signerOf } from "./submit-listing.ts";
import { UnitCurveKeeper } from "./unit-curve.ts";
import { UnitResults } from "./unit-results.ts";
import { unitProgress, unitResult } from "./unit-words.ts";

/** What mining is made from. */
export interface MiningParts {
  readonly folder: DataFolder;
  readonly config: Config;
  readonly log: Log;
  readonly ledgerNeeds: LedgerNeeds;
  readonly founding: Founding;
  readonly blobs: BlobStore;
  readonly engine: ChosenEngine;
  /** The processor in words. */
  readonly deviceName: string;
  /** File of a data set by its root; undefined when it is not here. */
  readonly datasetPath: (root: Uint8Array) => string | undefined;
  /** File of the state a job begins with; undefined when it is not here. */
  readonly startPath: (root: Uint8Array) => string | undefined;
  /** What the owner's data of a root is; null for all other data. */
  readonly data: (root: Uint8Array) => OwnData | null;
  /** What this machine knows of its own energy. */
  readonly energy?: UnitEnergyMeter;
  /** The name a job is shown under. */
  readonly jobName: (job: JobRow) => string;
}

/** The miner as the rest of the daemon sees it. */
export interface Mining extends Pick<Miner, "start" | "pause" | "pace" | "finish" | "stop"> {
  /** Begins as the settings say: at work or paused. */
  begin(): void;
  status(): MineStatus;
  /** Units in hand and ended, newest first. */
  units(): readonly UnitStatus[];
  readonly results: UnitResults;
  /** How the training of a unit went; no points unless it is the newest. */
  curve(unit: string): UnitCurve;
  /** Called when status or results have news; answers how to end it. */
  onChange(listener: () => void): () => void;
}

/** Makes the miner; it does nothing before `begin`. */
export function openMining(parts: MiningParts): Mining {
  const miner = makeMiner(parts);
  const results = new UnitResults(parts.folder.results, parts.log);
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const ended = new EndedUnits(parts, results, changed);
  const curve = new UnitCurveKeeper();
  const unlisten = miner.onStatus(() => {
    const { units, active } = miner.status();
    ended.look(units);
    if (active !== null) curve.take(active);
    changed();
  });
  return {
    begin: () => miner.start(),
    start: () => miner.start(),
    pause: () => miner.pause(),
    pace: (share) => miner.pace(share),
    finish: () => miner.finish(),
    stop: async () => {
      unlisten();
      await miner.stop();
    },
    status: () => mineStatus(miner, parts),
    units: () => miner.status().units,
    results,
    curve: (unit) => ({ points: curve.of(unit) }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * A paused card is closed after so long. Held open, an H100 takes 131 W at rest, and 75 W where
 * nobody uses it; opening it again costs seconds and a part of a segment.
 */
const CLOSES_AFTER_MS = 60_000;

function makeMiner(parts: MiningParts): Miner {
  const { folder, config, log, ledgerNeeds, founding, blobs, engine } = parts;
  const { node } = ledgerNeeds;
  const { verifierVrf } = founding.keys;
  return createMiner(
    {
      unitsFolder: folder.units,
      workerDevice: engine.device,
      // One thread: most of a short replay is its start, and it must cost little, not end soon.
      verifierDevice: { ...(engine.checking ?? engine.device), threads: 1 },
      paused: !config.mining.start,
      ...(engine.graphics === undefined ? {} : { closesAfterMs: CLOSES_AFTER_MS }),
    },
    {
      hasher: nativeSha256,
      clock: systemClock,
      entropy: systemEntropy,
      log,
      blobs,
      ledger: node,
      fork: forkChild,
      worker: signerOf(founding.keys.worker),
      verifier: {
        ...signerOf(founding.keys.verifier),
        prove: (alpha) => vrfProve(verifierVrf.secret, alpha),
      },
      datasetPath: parts.datasetPath,
      startPath: parts.startPath,
      jobName: parts.jobName,
      ...(parts.energy === undefined ? {} : { energy: parts.energy }),
    },
  );
}

/** Handlers of the methods that turn mining on and off, and that say how it goes. */
export function mineHandlers(
  mining: Mining,
): Pick<Handlers, "mine.finish" | "mine.pause" | "mine.start" | "unit.curve"> {
  const answered = () => Promise.resolve(accept(mining.status()));
  return {
    "mine.start": () => (mining.start(), answered()),
    "mine.pause": () => (mining.pause(), answered()),
    "mine.finish": () => (mining.finish(), answered()),
    "unit.curve": ({ unit }) => Promise.resolve(accept(mining.curve(unit))),
  };
}

function mineStatus(miner: Miner, { deviceName, engine }: MiningParts): MineStatus {
  const { state, code, facts, active } = miner.status();
  const tells = state === "failed" || state === "idle";
  return {
    state,
    code: tells ? code : null,
    facts: tells ? { ...facts } : {},
    device: deviceName,
    engine: engine.device.engine,
    unit: active === null ? null : unitProgress(active),
  };
}

/** Makes a result of each unit that ends: its receipt first, so that nobody reads of pay alone. */
class EndedUnits {
  readonly #parts: MiningParts;
  readonly #results: UnitResults;
  readonly #changed: () => void;
  readonly #seen = new Set<string>();

  constructor(parts: MiningParts, results: UnitResults, changed: () => void) {
    this.#parts = parts;
    this.#results = results;
    this.#changed = changed;
  }

  look(units: readonly UnitStatus[]): void {
    for (const unit of units) {
      const ended = unit.phase === "paid" || unit.phase === "voided";
      if (!ended || this.#seen.has(unit.unit)) continue;
      this.#seen.add(unit.unit);
      void this.#conclude(unitResult(unit, this.#parts.deviceName, this.#dataOf(unit)));
    }
  }

  #dataOf({ job }: UnitStatus): OwnData | null {
    const { data, ledgerNeeds } = this.#parts;
    const row = ledgerNeeds.node.job(hexToBytes(job));
    return row === undefined ? null : data(specificationOf(row).datasetRoot);
  }

  async #conclude(result: UnitResult): Promise<void> {
    const { log, ledgerNeeds } = this.#parts;
    let receiptFile: string | null = null;
    try {
      if (result.slot !== null) {
        const receipt = await makeReceipt(ledgerNeeds, result.slot);
        if (receipt.ok) receiptFile = receipt.value.file;
        else log.warn("no receipt was made", { unit: result.unit, code: receipt.rejection.code });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn("no receipt was made", { unit: result.unit, reason });
    }
    this.#results.keep({ ...result, receiptFile });
    log.info("a unit ended", { unit: result.unit, outcome: result.outcome });
    this.#changed();
  }
}
