/**
 * Decides what a miner does as a whole: it finds its units on the ledger, hears what commits do
 * to them, and shows where everything stands.
 */

import { join } from "node:path";
import { decode } from "../codec/index.ts";
import { bytesEqual, bytesToHex, hexToBytes } from "../contract/bytes.ts";
import { recordContext } from "../ledger/index.ts";
import type { JobRow, UnitRow } from "../ledger/index.ts";
import { jobSpecificationCodec, specificationHash } from "../learning/index.ts";
import type { JobSpecification } from "../learning/index.ts";
import type { Hasher } from "../crypto/index.ts";
import { LEAST_PACE, UNITS_READ_MAX, UNITS_SHOWN_MAX } from "./limits.ts";
import type { DeviceChoice } from "./messages/worker-messages.ts";
import type { MinerCommit, MinerNeeds } from "./needs.ts";
import { DeclinedUnits } from "./unit/declined-units.ts";
import { DeviceTurn } from "./unit/device-turn.ts";
import { RecordSender } from "./unit/record-sender.ts";
import { UnitLife } from "./unit/unit-life.ts";
import { copyStatus } from "./unit/unit-status.ts";
import type { UnitStatus } from "./unit/unit-status.ts";

/** What its owner decides about a miner. */
export interface MinerOptions {
  /** Folder that holds one folder for each unit. */
  readonly unitsFolder: string;
  readonly workerDevice: DeviceChoice;
  readonly verifierDevice: DeviceChoice;
  /** True where mining starts paused. */
  readonly paused?: boolean;
  /**
   * Time of a pause after which the worker ends, so that its device is closed: a card that is held
   * open takes far more at rest than one that nobody uses. Absent: the worker waits in memory.
   */
  readonly closesAfterMs?: number;
}

/** What a miner is doing. */
export type MinerState = "idle" | "working" | "paused" | "finishing" | "failed";

/** Everything a progress view needs. */
export interface MinerStatus {
  readonly state: MinerState;
  /** Why it failed, or why the newest unit was declined; null otherwise. */
  readonly code: string | null;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly device: DeviceChoice;
  /** The unit in hand; null when there is none. */
  readonly active: UnitStatus | null;
  /** Units since the start and those found then, newest first, at most 64. */
  readonly units: readonly UnitStatus[];
}

/** A miner. Verbs answer at once, `stop` when its children have ended. */
export interface Miner {
  /** Finds the units of this machine and takes on work. Calling it again ends a pause. */
  start(): void;
  /** Stops training now; what was promised to the ledger goes on. */
  pause(): void;
  /**
   * Has training use a share of the time, from `LEAST_PACE` to 1: the worker rests between steps.
   * Checks of others' work and what was promised to the ledger are never slowed.
   */
  pace(share: number): void;
  /** Ends the units in hand, then pauses. */
  finish(): void;
  /** Ends all children; work in hand goes on at the next start. */
  stop(): Promise<void>;
  status(): MinerStatus;
  /** Called when the status has news; answers how to end it. */
  onStatus(listener: () => void): () => void;
}

/** Makes a miner; it does nothing before `start`. */
export function createMiner(options: MinerOptions, needs: MinerNeeds): Miner {
  return new MinerOfUnits(options, needs);
}

class MinerOfUnits implements Miner {
  readonly #options: MinerOptions;
  readonly #needs: MinerNeeds;
  readonly #sender: RecordSender;
  readonly #turn = new DeviceTurn();
  readonly #declined: DeclinedUnits;
  readonly #listeners = new Set<() => void>();
  /** By unit id in hex, oldest first. */
  readonly #lives = new Map<string, UnitLife>();
  #mode: "new" | "on" | "paused" | "finishing" | "stopped" = "new";
  #unsubscribe: (() => void) | undefined;
  #pace = 1;
  #stayOpen: () => void = () => undefined;

  constructor(options: MinerOptions, needs: MinerNeeds) {
    this.#options = options;
    this.#needs = needs;
    const context = recordContext(needs.hasher, needs.ledger.genesisHash());
    this.#sender = new RecordSender(needs.ledger, context);
    this.#declined = new DeclinedUnits({
      clock: needs.clock,
      mayGoOn: (unit) => this.#mayGoOn(unit),
      takeUp: (unit) => void this.#takeUp(unit),
    });
  }

  start(): void {
    this.#stayOpen();
    const first = this.#mode === "new";
    this.#mode = first && this.#options.paused === true ? "paused" : "on";
    if (this.#mode === "paused") this.#turn.close();
    else this.#turn.open();
    if (first) {
      this.#unsubscribe = this.#needs.ledger.onCommit((commit) => this.#hear(commit));
      const rows = this.#needs.ledger.units(UNITS_READ_MAX);
      for (const row of rows.toReversed()) this.#adopt(row.id, row);
    }
    for (const life of this.#lives.values()) if (!life.over) life.resume();
    this.#changed();
  }

  pause(): void {
    this.#mode = "paused";
    this.#turn.close();
    for (const life of this.#lives.values()) life.pause();
    this.#closeLater();
    this.#changed();
  }

  pace(share: number): void {
    const pace = Math.min(1, Math.max(LEAST_PACE, share));
    if (pace === this.#pace) return;
    this.#pace = pace;
    for (const life of this.#lives.values()) if (!life.over) life.repace();
  }

  finish(): void {
    this.#mode = "finishing";
    // Who trains now stays in; nobody comes after.
    this.#turn.close();
    this.#endUnit();
  }

  async stop(): Promise<void> {
    this.#mode = "stopped";
    this.#stayOpen();
    this.#unsubscribe?.();
    this.#declined.stop();
    const ends = [...this.#lives.values()].map((life) => life.stop());
    this.#turn.dissolve();
    await Promise.all(ends);
  }

  status(): MinerStatus {
    const lives = [...this.#lives.values()].toReversed();
    const stopped = lives.filter((life) => life.over && life.status.code !== null && !ended(life));
    const failed = stopped.find((life) => !life.declined);
    // Work that came after it is the better news.
    const told = failed ?? stopped.find((life) => life === lives[0]);
    const active = lives.findLast((life) => !life.over);
    return {
      state: this.#state(active, failed),
      code: told?.status.code ?? null,
      facts: told?.status.facts ?? {},
      device: this.#options.workerDevice,
      active: active === undefined ? null : copyStatus(active.status),
      units: lives.map((life) => copyStatus(life.status)),
    };
  }

  onStatus(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A pause that lasts closes the device; what is trained goes on from its last checkpoint. */
  #closeLater(): void {
    const { closesAfterMs } = this.#options;
    if (closesAfterMs === undefined) return;
    this.#stayOpen();
    this.#stayOpen = this.#needs.clock.after(closesAfterMs, () => {
      if (this.#mode !== "paused") return;
      for (const life of this.#lives.values()) life.closeDevice();
    });
  }

  #state(active: UnitLife | undefined, failed: UnitLife | undefined): MinerState {
    if (this.#mode === "finishing") return "finishing";
    if (this.#mode !== "on") return "paused";
    if (active !== undefined) return "working";
    return failed === undefined ? "idle" : "failed";
  }

  #hear(commit: MinerCommit): void {
    for (const slotEffect of commit.effects) {
      const { effect } = slotEffect;
      if (!("unit" in effect)) continue;
      const row = this.#needs.ledger.unit(effect.unit);
      if (effect.kind === "assigned" && row !== undefined) this.#adopt(effect.unit, row);
      this.#lives.get(bytesToHex(effect.unit))?.hear(slotEffect);
    }
    for (const life of this.#lives.values()) if (!life.over) life.poke();
    this.#changed();
  }

  /** Takes on a unit if it is this machine's and not over. */
  #adopt(unit: Uint8Array, row: UnitRow): void {
    const key = bytesToHex(unit);
    const { worker, verifier, ledger, hasher } = this.#needs;
    const mine =
      (worker !== undefined && bytesEqual(row.worker, worker.address)) ||
      (verifier !== undefined && bytesEqual(row.verifier, verifier.address));
    const closed = row.phase === "paid" || row.phase === "void";
    if (!mine || closed || this.#lives.has(key)) return;
    const job = ledger.job(row.job);
    const spec = job === undefined ? undefined : startedSpecification(hasher, job);
    if (job === undefined || spec === undefined) {
      this.#needs.log.error("a unit's job cannot be read", { unit: key });
      return;
    }
    const { unitsFolder, workerDevice, verifierDevice } = this.#options;
    const unitFolder = join(unitsFolder, key);
    const life = new UnitLife(
      { unit, row, spec, jobName: this.#needs.jobName(job) },
      {
        unitFolder,
        workerDevice,
        verifierDevice,
        sender: this.#sender,
        turn: this.#turn,
        pace: () => this.#pace,
      },
      this.#needs,
      {
        changed: () => this.#changed(),
        ended: () => {
          if (life.declined) this.#declined.add(key);
          this.#endUnit();
        },
      },
    );
    this.#lives.set(key, life);
    this.#forgetOldest();
    if (this.#mode !== "stopped") life.poke();
  }

  /** Whether what a declined unit wanted is there now. */
  #mayGoOn(key: string): "yes" | "no" | "never" {
    const life = this.#lives.get(key);
    const phase = this.#needs.ledger.unit(hexToBytes(key))?.phase;
    const isClosed = phase === undefined || phase === "paid" || phase === "void";
    if (life === undefined || !life.declined || isClosed) return "never";
    if (this.#mode !== "on") return "no";
    return life.isReasonGone() ? "yes" : "no";
  }

  /** Begins a declined unit anew, from what its folder holds. */
  async #takeUp(key: string): Promise<void> {
    await this.#lives.get(key)?.stop();
    const unit = hexToBytes(key);
    const row = this.#needs.ledger.unit(unit);
    if (row === undefined || this.#mode === "stopped") return;
    this.#needs.log.info("a declined unit is taken up again", { unit: key });
    this.#lives.delete(key);
    this.#adopt(unit, row);
    this.#changed();
  }

  #forgetOldest(): void {
    for (const [key, life] of this.#lives) {
      if (this.#lives.size <= UNITS_SHOWN_MAX) return;
      if (life.over) this.#lives.delete(key);
    }
  }

  /** A unit is over: with the last one in hand done, finishing becomes a pause. */
  #endUnit(): void {
    const busy = [...this.#lives.values()].some((life) => !life.over && life.status.step > 0);
    if (this.#mode === "finishing" && !busy) this.#mode = "paused";
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Whether a unit came to an end on the ledger, paid or not. */
function ended(life: UnitLife): boolean {
  return life.status.phase === "paid" || life.status.phase === "voided";
}

/** The specification with the job's final seed; undefined where it is not the one started. */
function startedSpecification(h: Hasher, job: JobRow): JobSpecification | undefined {
  const read = decode(jobSpecificationCodec, job.specification);
  if (!read.ok || job.status === "created") return undefined;
  const spec = { ...read.value, seedRule: 0, seed: job.seed };
  return bytesEqual(specificationHash(h, spec), job.specificationHash) ? spec : undefined;
}
