/**
 * Decides how readings of one source become rows (ARCHITECTURE.md section 18, "Readings to rows").
 * Energy is counted where a meter counted it or where watts were seen close enough together; all
 * else is a gap. Readings may come twice or late: only the newest time moves on.
 */

import { ENERGY_ROW_MS } from "../../ports/energy-store.ts";
import type { ClockState, EnergyQuality, EnergyRow } from "../../ports/energy-store.ts";
import type { MeterReading } from "../../ports/meter.ts";
import { judgeRegister } from "./judge-register.ts";
import {
  AHEAD_MAX_MS,
  CLOCK_JUMP_MS,
  REFUSED_IN_A_ROW,
  SPREAD_MAX_MS,
  TRUSTED_LEAST_MS,
  TRUSTED_READINGS,
  UNKNOWN_SOURCE_WATTS,
} from "./limits.ts";
import { OpenRows } from "./open-rows.ts";
import type { RowAddition } from "./open-rows.ts";
import { readSavedState, writeSavedState } from "./saved-state.ts";
import type { LastPoint } from "./saved-state.ts";
import { rowStart, spreadEvenly, spreadTrapezoid } from "./spread.ts";

/** What is known of a source before it is read. */
export interface IntegrationSettings {
  readonly source: string;
  readonly readEveryMs: number;
  /** The most it can draw or give; null: UNKNOWN_SOURCE_WATTS. */
  readonly mostWatts: number | null;
  /** Its figures are a model's, not a sensor's (tier D). */
  readonly modelled: boolean;
}

/** A reading with the clocks at the moment it was read. */
export interface TakenReading {
  readonly reading: MeterReading;
  /** Wall clock. */
  readonly nowMs: number;
  /** A clock that only runs, from any beginning that stays for the life of the process. */
  readonly runningMs: number;
  readonly clock: ClockState;
}

/** What became of a reading. */
export type Taken = "begun" | "counted" | "gap" | "unchanged" | "refused";

/** Readings further apart than this are not trusted to know what was between them. */
export function trustedDistance(readEveryMs: number): number {
  return Math.max(TRUSTED_LEAST_MS, TRUSTED_READINGS * readEveryMs);
}

/** Counts one source. */
export class SourceIntegration {
  readonly #settings: IntegrationSettings;
  readonly #trustedMs: number;
  readonly #rows: OpenRows;
  #last: LastPoint | null;
  /** Running clock of the last reading; null after a restart. */
  #runningMs: number | null = null;
  #carry = 0;
  #refusedInRow = 0;
  #openFromMs = 0;

  /** @param saved  what `take` gave last before a restart */
  constructor(settings: IntegrationSettings, saved?: Uint8Array) {
    const { last, remainder } = readSavedState(saved);
    this.#settings = settings;
    this.#trustedMs = trustedDistance(settings.readEveryMs);
    this.#rows = new OpenRows(settings.source, remainder);
    this.#last = last;
  }

  /** No row before takes energy any more; what belongs there goes into the first that does. */
  openFrom(atMs: number): void {
    this.#openFromMs = Math.max(this.#openFromMs, Math.ceil(atMs / ENERGY_ROW_MS) * ENERGY_ROW_MS);
  }

  /** Takes a reading; in any order, as often as it comes. */
  take(taken: TakenReading): Taken {
    const { reading, nowMs, runningMs, clock } = taken;
    const last = this.#last;
    const jumped = last !== null && this.#hasJumped(last, taken);
    if (!isReading(reading) || reading.atMs > nowMs + AHEAD_MAX_MS) {
      this.#note({ startMs: rowStart(nowMs), refused: 1, ...this.#words(clock) });
      return "refused";
    }
    if (last === null) return this.#begin(taken, 0);
    if (jumped) return this.#afterJump(last, taken);
    if (reading.atMs <= last.atMs) {
      this.#runningMs = runningMs;
      this.#last = { ...last, nowMs };
      return "unchanged";
    }
    if (last.register !== null) {
      // A register that is silent for once counts on; its next value holds all of it.
      if (reading.register === null) return "unchanged";
      return this.#countRegister(last, last.register, taken);
    }
    if (reading.register !== null) return this.#begin(taken, 0);
    return this.#countWatts(last, taken);
  }

  /** Whether a row has ended, so that it is time to write. */
  isDue(): boolean {
    return this.#last !== null && this.#rows.hasOther(this.#row(this.#last.atMs));
  }

  /** What waits to be written, watt hours left out. */
  seen(): EnergyRow[] {
    return this.#rows.seen();
  }

  /** What is to be written now, and the state to write with it. */
  write(): { readonly rows: EnergyRow[]; readonly state: Uint8Array } {
    const rows = this.#rows.take();
    const { remainder } = this.#rows;
    return { rows, state: writeSavedState({ last: this.#last, remainder }) };
  }

  /** Wall and running clock went apart; after a restart only a step back can be seen. */
  #hasJumped(last: LastPoint, { reading, nowMs, runningMs }: TakenReading): boolean {
    if (this.#runningMs === null) return reading.atMs < last.atMs;
    const apart = nowMs - last.nowMs - (runningMs - this.#runningMs);
    return Math.abs(apart) > CLOCK_JUMP_MS;
  }

  #begin({ reading, nowMs, runningMs, clock }: TakenReading, changedMs: number): Taken {
    const { atMs, register, watts } = reading;
    this.#last = {
      atMs,
      nowMs,
      register:
        register === null
          ? null
          : {
              millijoules: register.millijoules,
              epoch: register.epoch,
              changedMs: changedMs === 0 ? atMs : changedMs,
            },
      // Impossible watts are no point that a trapezoid may begin at.
      watts: watts === null || watts > this.#most ? null : Math.max(0, watts),
    };
    this.#runningMs = runningMs;
    this.#refusedInRow = 0;
    this.#carry = 0;
    this.#noteRegister(reading, clock);
    return "begun";
  }

  /** The time between is unknown, so energy of a register goes where the clock stands now. */
  #afterJump(last: LastPoint, taken: TakenReading): Taken {
    const { reading, clock, runningMs } = taken;
    const startMs = rowStart(reading.atMs);
    this.#note({ startMs, clockJumps: 1, ...this.#words(clock) });
    const { register } = last;
    if (register !== null && reading.register !== null) {
      const passedMs = this.#runningMs === null ? 0 : runningMs - this.#runningMs;
      const before = { ...register, atMs: reading.atMs - passedMs };
      const point = { ...before, changedMs: before.atMs };
      const judged = judgeRegister(point, { ...reading.register, atMs: reading.atMs }, this.#most);
      if (judged.kind !== "refused" && judged.kind !== "reset") {
        const quality = "gap-filled";
        this.#note({ startMs, millijoules: judged.counted, quality, clock });
      }
    }
    this.#begin(taken, 0);
    return "gap";
  }

  #countRegister(
    last: LastPoint,
    register: NonNullable<LastPoint["register"]>,
    taken: TakenReading,
  ): Taken {
    const { reading, clock } = taken;
    const { atMs } = reading;
    const news = reading.register;
    if (news === null) return "unchanged";
    const judged = judgeRegister({ ...register, atMs: last.atMs }, { ...news, atMs }, this.#most);
    if (judged.kind === "refused") return this.#refuse(taken);
    const isReset = judged.kind === "reset";
    const changedMs = isReset || news.millijoules !== register.millijoules ? 0 : register.changedMs;
    const startMs = rowStart(atMs);
    if (isReset) this.#note({ startMs, resets: 1, ...this.#words(clock) });
    if (judged.kind === "wrap") this.#note({ startMs, wraps: 1, ...this.#words(clock) });
    const isCounted = judged.counted !== null && atMs - judged.fromMs <= SPREAD_MAX_MS;
    if (isCounted) {
      // Time that was measured already is not measured a second time.
      const isLate = judged.fromMs < last.atMs;
      this.#spreadRegister({ fromMs: judged.fromMs, toMs: atMs, isLate }, judged.counted, clock);
    }
    this.#begin(taken, changedMs);
    return isCounted ? "counted" : "gap";
  }

  #spreadRegister(
    { fromMs, toMs, isLate }: { fromMs: number; toMs: number; isLate: boolean },
    millijoules: number,
    clock: ClockState,
  ): void {
    const portions = spreadEvenly(fromMs, toMs, millijoules);
    // Within one row a register knows the row's energy, however long it was silent.
    const isKnown = toMs - fromMs <= this.#trustedMs || portions.length === 1;
    const isMeasured = isKnown && !isLate;
    for (const { startMs, millijoules: part, spanMs } of portions) {
      this.#note({
        startMs,
        millijoules: part,
        measuredMs: isMeasured ? spanMs : 0,
        quality: isMeasured ? this.#quality : "gap-filled",
        clock,
      });
    }
  }

  #countWatts(last: LastPoint, taken: TakenReading): Taken {
    const { reading, clock } = taken;
    const { atMs, watts } = reading;
    if (last.watts === null || watts === null) return this.#begin(taken, 0);
    if (watts > this.#most) return this.#refuse(taken);
    const isNear = atMs - last.atMs <= this.#trustedMs;
    let { portions, carry } = { portions: [] as ReturnType<typeof spreadEvenly>, carry: 0 };
    if (isNear) {
      const to = { atMs, watts: Math.max(0, watts) };
      const from = { atMs: last.atMs, watts: last.watts };
      ({ portions, carry } = spreadTrapezoid(from, to, this.#carry));
    }
    for (const { startMs, millijoules, spanMs } of portions) {
      this.#note({ startMs, millijoules, measuredMs: spanMs, ...this.#words(clock) });
    }
    this.#begin(taken, 0);
    this.#carry = carry;
    return isNear ? "counted" : "gap";
  }

  /** One strange value is left out; the same again and again is where the register stands. */
  #refuse(taken: TakenReading): Taken {
    this.#note({ startMs: rowStart(taken.reading.atMs), refused: 1, ...this.#words(taken.clock) });
    this.#refusedInRow += 1;
    if (this.#refusedInRow >= REFUSED_IN_A_ROW) this.#begin(taken, 0);
    return "refused";
  }

  #noteRegister({ atMs, register }: MeterReading, clock: ClockState): void {
    if (register === null) return;
    const registerEndMillijoules = register.millijoules;
    this.#note({ startMs: rowStart(atMs), registerEndMillijoules, ...this.#words(clock) });
  }

  #note(addition: RowAddition): void {
    this.#rows.add({ ...addition, startMs: this.#row(addition.startMs) });
  }

  #row(atMs: number): number {
    return Math.max(rowStart(atMs), this.#openFromMs);
  }

  #words(clock: ClockState): { readonly quality: EnergyQuality; readonly clock: ClockState } {
    return { quality: this.#quality, clock };
  }

  get #quality(): EnergyQuality {
    return this.#settings.modelled ? "modelled" : "measured";
  }

  get #most(): number {
    return this.#settings.mostWatts ?? UNKNOWN_SOURCE_WATTS;
  }
}

/** Whether the numbers of a reading can be used at all. */
function isReading({ atMs, register, watts }: MeterReading): boolean {
  if (!Number.isSafeInteger(atMs) || atMs < 0) return false;
  if (watts !== null && !Number.isFinite(watts)) return false;
  if (register === null) return watts !== null;
  const { millijoules, wrapsAtMillijoules: size } = register;
  const isCount = Number.isSafeInteger(millijoules) && millijoules >= 0;
  return isCount && (size === null || (Number.isSafeInteger(size) && size > 0));
}
