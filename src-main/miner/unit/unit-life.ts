/**
 * Decides how a unit lives on this machine: what the ledger's row asks for is done, one thing
 * after another, until the row is paid or void. All of it can be cut off and taken up again.
 */

import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { BrokenInvariant, Fault } from "../../contract/outcome.ts";
import type { SlotEffect, UnitRow } from "../../ledger/index.ts";
import { SUBMIT_ATTEMPTS_MAX } from "../limits.ts";
import type { MinerNeeds } from "../needs.ts";
import { nextAction } from "./next-action.ts";
import type { UnitAction, UnitRoles } from "./next-action.ts";
import { UnitDuties } from "./unit-duties.ts";
import type { DutyOptions } from "./unit-duties.ts";
import { isDeclined, isReasonGone } from "./state-energy.ts";
import type { UnitOrigin } from "./unit-origin.ts";
import { newUnitStatus } from "./unit-status.ts";
import type { UnitPhaseWord, UnitStatus } from "./unit-status.ts";

/** What the miner hears of a unit. */
export interface UnitEvents {
  /** The status has news. */
  readonly changed: () => void;
  /** Nothing more will happen here. */
  readonly ended: () => void;
}

/** One unit, from assignment to payment. */
export class UnitLife {
  readonly status: UnitStatus;
  readonly #origin: UnitOrigin;
  readonly #needs: MinerNeeds;
  readonly #events: UnitEvents;
  readonly #duties: UnitDuties;
  readonly #roles: UnitRoles;
  #running: Promise<void> | undefined;
  #poked = false;
  #over = false;
  #refusals = 0;

  constructor(origin: UnitOrigin, options: DutyOptions, needs: MinerNeeds, events: UnitEvents) {
    this.#origin = origin;
    this.#needs = needs;
    this.#events = events;
    const { unit, row, spec, jobName } = origin;
    this.status = newUnitStatus(unit, row.job, jobName, spec);
    this.#duties = new UnitDuties(origin, this.status, options, needs, events.changed);
    this.#roles = {
      worker: needs.worker !== undefined && bytesEqual(row.worker, needs.worker.address),
      verifier: needs.verifier !== undefined && bytesEqual(row.verifier, needs.verifier.address),
    };
  }

  /** Whether something is left to do or to wait for. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether this machine may not do it although nothing is wrong with the machine. */
  get declined(): boolean {
    return this.#over && isDeclined(this.status.code);
  }

  /** Whether what it was declined for is there now, as far as that shows before it is tried. */
  isReasonGone(): boolean {
    return this.declined && isReasonGone(this.status.code, this.#origin.spec, this.#needs.energy);
  }

  /** Looks at the ledger's row again and does what it asks for. */
  poke(): void {
    this.#poked = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  pause(): void {
    this.#duties.tell({ kind: "pause" });
  }

  resume(): void {
    this.#duties.tell({ kind: "resume" });
    this.poke();
  }

  /** Ends the worker, if one trains; `resume` begins one that goes on from its checkpoints. */
  closeDevice(): void {
    this.#duties.closeDevice();
  }

  /** The pace has changed. */
  repace(): void {
    this.#duties.repace();
  }

  /** Ends the children; resolves when nothing of the unit runs any more. */
  async stop(): Promise<void> {
    this.#over = true;
    this.#duties.stop();
    await this.#running;
  }

  /** Takes in what a commit did to the unit. */
  hear({ slot, effect }: SlotEffect): void {
    switch (effect.kind) {
      case "paid":
        this.status.payments.push({
          to: bytesToHex(effect.to),
          share: effect.share,
          amountBase: effect.amountBase,
          minted: effect.minted,
          slot,
        });
        this.#settle("paid", slot);
        return;
      case "voided":
        this.status.code = effect.code;
        this.#duties.stop();
        this.#settle("voided", slot);
        return;
      case "disputed":
        this.status.phase = "disputed";
        this.status.code = effect.code;
        return;
      case "accepted":
        this.status.phase = "accepted";
        return;
      default:
    }
  }

  #settle(phase: UnitPhaseWord, slot: bigint): void {
    this.status.phase = phase;
    this.status.slots.settled = slot;
  }

  async #run(): Promise<void> {
    try {
      while (this.#poked && !this.#over) {
        this.#poked = false;
        const row = this.#needs.ledger.unit(this.#origin.unit);
        this.#showPhase(row);
        const action = nextAction(row?.phase, this.#roles, this.#duties.holdings());
        if (action !== "wait") await this.#act(action, row);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #act(action: Exclude<UnitAction, "wait">, row: UnitRow | undefined): Promise<void> {
    if (action === "end" || row === undefined) {
      await this.#duties.forget();
      this.#over = true;
      this.#events.ended();
      return;
    }
    const done = await this.#duties.perform(action, row);
    this.#poked ||= done.kind !== "stopped";
    if (done.kind !== "refused") return;
    // The row may have moved on without us (a record sent before a restart); then all is well.
    const phase = this.#needs.ledger.unit(this.#origin.unit)?.phase;
    this.#refusals = phase === row.phase ? this.#refusals + 1 : 0;
    this.#needs.log.warn("the ledger refused a unit's record", {
      unit: this.status.unit,
      action,
      code: done.code,
    });
    if (this.#refusals >= SUBMIT_ATTEMPTS_MAX) {
      const facts = { action, reason: done.code };
      throw new Fault("MINER_SUBMIT", `the ledger refused to ${action}: ${done.code}`, facts);
    }
  }

  #showPhase(row: UnitRow | undefined): void {
    const words: Partial<Record<UnitRow["phase"], UnitPhaseWord>> = {
      sealed: "sealed",
      revealed: "revealed",
      challenged: "challenged",
      committed: "verifying",
      opened: "verifying",
      accepted: "accepted",
      disputed: "disputed",
      paid: "paid",
      void: "voided",
    };
    const word = row === undefined ? undefined : words[row.phase];
    if (word !== undefined && word !== this.status.phase) this.status.phase = word;
    this.#events.changed();
  }

  #fail(error: unknown): void {
    if (error instanceof BrokenInvariant) throw error;
    const fault = error instanceof Fault ? error : undefined;
    this.status.code = fault?.code ?? "MINER_CHILD_FAULT";
    this.status.facts = fault?.facts ?? {};
    this.#over = true;
    const message = error instanceof Error ? error.message : String(error);
    const said = { unit: this.status.unit, code: this.status.code, ...this.status.facts, message };
    if (this.declined) this.#needs.log.warn("a unit is declined", said);
    else this.#needs.log.error("a unit cannot go on here", said);
    this.#events.changed();
    this.#events.ended();
  }
}
