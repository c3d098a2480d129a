/**
 * Decides, each second, which caps of watts are in force and how the worker keeps them: the tighter
 * of a rule's and the device's own, by the share of the time in which training runs. Where a cap
 * cannot be kept, work is held.
 */

import type { CapInForce } from "../../../contract/control-api/index.ts";
import {
  capSentence,
  capWindowMs,
  deadlineShare,
  deviceWords,
  keepCap,
} from "../../../energy/rules/index.ts";
import type {
  AskedCap,
  CapState,
  DeviceLimits,
  UnitInHand,
  WantedCap,
} from "../../../energy/rules/index.ts";
import type { CapSource } from "./cap-sources.ts";
import type { Hold } from "./held-mining.ts";

/** A card's own limit of power. */
export interface CardLimit {
  /** Watts that it was told to keep to by us; null: it was not. */
  readonly limitWatts: number | null;
  /** Why not, and what would; null where there is nothing to say. */
  readonly needs: string | null;
}

/** What it needs. */
export interface CapKeeperNeeds {
  readonly limits: () => readonly DeviceLimits[];
  /** Id of the device that trains. */
  readonly training: string;
  /** What measures a device now. */
  readonly sourceOf: (device: string) => CapSource;
  /** The unit that is trained at this moment; null where none is. */
  readonly unit: () => UnitInHand | null;
  readonly pace: (share: number) => void;
  /** Has cards keep to these watts themselves where that may be done. */
  readonly cards: {
    want(caps: ReadonlyMap<string, number>): void;
    of(device: string): CardLimit;
  };
}

/** Why work is held; null where it is not. */
export interface LimitHolds {
  readonly off: Hold | null;
  readonly cap: Hold | null;
}

interface KeptCap {
  readonly asked: AskedCap;
  readonly measured: CapSource;
  readonly card: CardLimit;
  readonly state: CapState;
  readonly windowMs: number;
}

/** A card's own control lets watts rise a little above its limit for moments. */
const CARD_TOLERANCE = 1.05;

/** The device that checks, whatever trains. */
const PROCESSOR = "cpu";

/** Keeps caps. */
export class CapKeeper {
  readonly #needs: CapKeeperNeeds;
  #kept = new Map<string, KeptCap>();

  constructor(needs: CapKeeperNeeds) {
    this.#needs = needs;
  }

  /** Devices whose caps count. */
  get inUse(): readonly string[] {
    const { training } = this.#needs;
    return training === PROCESSOR ? [PROCESSOR] : [training, PROCESSOR];
  }

  /** Goes on by a second. @param wanted  the cap that a rule asks for */
  step(wanted: WantedCap | null, runMs: number): LimitHolds {
    const { pace, cards } = this.#needs;
    const asked = this.#asked(wanted);
    cards.want(new Map(asked.map(({ device, watts }) => [device, watts])));
    const before = this.#kept;
    this.#kept = new Map(
      asked.map((cap) => [cap.device, this.#keep(cap, before.get(cap.device), runMs)]),
    );
    const all = [...this.#kept.values()];
    const waits = all.find(({ state }) => state.share === 0);
    if (waits === undefined) pace(Math.min(1, ...all.map(({ state }) => state.share)));
    return { off: this.#off(), cap: waits === undefined ? null : holdOf(waits) };
  }

  /** Caps in force. */
  caps(): CapInForce[] {
    return [...this.#kept.values()].map(({ asked, measured, card, state, windowMs }) => ({
      ...asked,
      how: state.how,
      share: state.share,
      meanWatts: state.meanWatts,
      source: state.how === "nameplate" || state.how === "blind" ? null : measured.source,
      ...card,
      windowMs,
      sentence: sentenceOf({ asked, measured, card, state }),
    }));
  }

  /** The tightest for each device in use: its own limit, or the rule's. */
  #asked(wanted: WantedCap | null): AskedCap[] {
    const { limits, training } = this.#needs;
    return this.inUse.flatMap((device): AskedCap[] => {
      const own = limits().find((one) => one.device === device)?.watts ?? null;
      const isRule = wanted !== null && (wanted.device ?? training) === device;
      const rule = isRule ? wanted.watts : null;
      if (own === null && rule === null) return [];
      if (rule === null || (own !== null && own <= rule)) {
        return [{ device, watts: own ?? 0, rule: null }];
      }
      return [{ device, watts: rule, rule: wanted?.rule ?? null }];
    });
  }

  #keep(asked: AskedCap, before: KeptCap | undefined, runMs: number): KeptCap {
    const { sourceOf, unit, cards } = this.#needs;
    const measured = sourceOf(asked.device);
    const card = cards.of(asked.device);
    const isCard = card.limitWatts !== null && card.limitWatts <= asked.watts;
    const inHand = unit();
    const stepMs = inHand === null || inHand.step === 0 ? null : inHand.workedMs / inHand.step;
    const isSame = before?.measured.source === measured.source;
    const was = before?.state ?? null;
    // What another meter counted says nothing beside this one's.
    const known =
      isSame || was === null ? was : { ...was, from: null, newest: null, calmFrom: null };
    const state = keepCap(
      known,
      {
        capWatts: asked.watts * (isCard ? CARD_TOLERANCE : 1),
        counted: measured.counted,
        readEveryMs: measured.readEveryMs,
        nameplateWatts: isCard ? card.limitWatts : measured.nameplateWatts,
        works: inHand !== null,
        stepMs,
        deadlineShare: inHand === null ? 0 : deadlineShare(inHand),
      },
      runMs,
    );
    return { asked, measured, card, state, windowMs: capWindowMs(measured.readEveryMs, stepMs) };
  }

  #off(): Hold | null {
    const { limits, training } = this.#needs;
    const isOff = limits().some(({ device, on }) => device === training && !on);
    if (!isOff) return null;
    const sentence = `Waiting: ${deviceWords(training)}, which trains, is switched off`;
    return { code: "ENERGY_DEVICE_OFF", facts: { device: training }, sentence };
  }
}

function holdOf(kept: KeptCap): Hold {
  const { asked, state } = kept;
  return {
    code: state.how === "blind" ? "ENERGY_CAP_BLIND" : "ENERGY_CAP_LOW",
    facts: { device: asked.device, watts: asked.watts },
    sentence: sentenceOf(kept),
  };
}

function sentenceOf({ asked, measured, card, state }: Omit<KeptCap, "windowMs">): string {
  const { nameplateWatts, isWhole } = measured;
  const facts = { limitWatts: card.limitWatts, nameplateWatts, isWhole };
  return capSentence(asked, state, facts).slice(0, 512);
}
