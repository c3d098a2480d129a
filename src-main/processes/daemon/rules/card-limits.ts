/**
 * Decides when a card is told to keep to a cap by itself: where the driver lets this account do so
 * (root alone, as it is), never above what was found, and found again when the cap ends, when the
 * daemon ends, and after a crash at the next start. What was found is on the disk before anything
 * is set, and stays there until it is known to be in force again.
 */

import type { Log } from "../../../ports/log.ts";
import type { LimitAnswer } from "../../../ports/power-limit.ts";
import type { CardLimit } from "./cap-keeper.ts";
import type { LimitedCard } from "./limited-cards.ts";

/** A limit that was changed by us. */
export interface ChangedLimit {
  /** The card's name over restarts. */
  readonly card: string;
  readonly foundWatts: number;
  readonly setWatts: number;
}

/** Where they are remembered; reading or writing never throws. */
export interface ChangedLimits {
  read(): readonly ChangedLimit[];
  /** One card's, beside all others'; null forgets it. False where the disk refuses. */
  keep(card: string, limit: ChangedLimit | null): boolean;
}

/** What it needs. */
export interface CardLimitsNeeds {
  readonly kept: ChangedLimits;
  readonly log: Log;
}

interface Card {
  given: LimitedCard;
  /** What was wanted when it was last tried; null: nothing. */
  tried: number | null;
  told: CardLimit;
  /** Seconds until it is looked at again. */
  waits: number;
  /** Whether that is to try again, since it could not be told or put back. */
  isOpen: boolean;
}

const NOTHING: CardLimit = { limitWatts: null, needs: null };

/** Watts by which a driver may round. */
const SAME_WATTS = 1;

/** A limit that is kept is read again after so many seconds; one that failed is tried again. */
const LOOK_SECONDS = 60;

/** Tells cards to keep to caps. */
export class CardLimits {
  readonly #needs: CardLimitsNeeds;
  readonly #cards = new Map<string, Card>();
  #changed: readonly ChangedLimit[];
  #wanted: ReadonlyMap<string, number> = new Map();
  /** One thing at a time: what is asked of a driver comes in order. */
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(needs: CardLimitsNeeds) {
    this.#needs = needs;
    this.#changed = needs.kept.read();
  }

  /** Takes cards; what an earlier life changed and nobody else since is put back first. */
  take(cards: readonly LimitedCard[]): Promise<void> {
    for (const one of cards) {
      const known = this.#cards.get(one.id);
      if (known?.given.key === one.key) {
        // Listed anew by another life of its reader: what is known of it stands.
        known.given = one;
        continue;
      }
      const card: Card = { given: one, tried: null, told: NOTHING, waits: 0, isOpen: false };
      this.#cards.set(one.id, card);
      this.#then(() => this.#restore(card));
    }
    return this.#turn;
  }

  /** Caps of now by device, each second; what is no longer capped gets back what it had. */
  want(caps: ReadonlyMap<string, number>): void {
    if (this.#closed) return;
    this.#wanted = caps;
    for (const [id, card] of this.#cards) {
      const watts = caps.get(id) ?? null;
      if (watts !== card.tried) {
        card.tried = watts;
        this.#then(() => this.#apply(card));
        continue;
      }
      if (card.waits === 0) continue;
      card.waits -= 1;
      if (card.waits > 0) continue;
      this.#then(() => (card.isOpen ? this.#apply(card) : this.#look(card)));
    }
  }

  of(device: string): CardLimit {
    return this.#cards.get(device)?.told ?? NOTHING;
  }

  /** Puts back what was found; nothing is set afterwards. */
  close(): Promise<void> {
    this.#closed = true;
    for (const card of this.#cards.values()) this.#then(() => this.#restore(card));
    return this.#turn;
  }

  #then(step: () => Promise<void>): void {
    this.#turn = this.#turn.then(step).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#needs.log.warn("a card's power limit was left as it is", { why: why.slice(0, 256) });
    });
  }

  async #apply(card: Card): Promise<void> {
    // The newest wish counts; one that was waiting may be over.
    const watts = this.#closed ? null : (this.#wanted.get(card.given.id) ?? null);
    if (watts === null) return await this.#restore(card);
    if (card.given.leftAlone !== null)
      return settle(card, { limitWatts: null, needs: card.given.leftAlone });
    const found = this.#changedOf(card)?.foundWatts ?? null;
    const is =
      found === null ? await card.given.limit({ watts: null, mostWatts: null }) : undefined;
    const most = found ?? is?.before ?? null;
    if (most === null) {
      return is === undefined ? open(card, SILENT) : settle(card, NOTHING);
    }
    const target = Math.min(most, Math.max(card.given.leastWatts ?? 1, Math.floor(watts)));
    if (target >= most) {
      // It keeps to less already.
      await this.#restore(card);
      settle(card, { limitWatts: most <= watts ? most : null, needs: null });
      return;
    }
    if (!this.#remember(card, most, target)) return open(card, UNKEPT);
    const answer = await card.given.limit({ watts: target, mostWatts: most });
    if (answer?.outcome !== "done") return this.#refused(card, most, answer, target);
    keepTo(card, answer.now ?? target);
    const facts = { card: card.given.name, watts: target, before: most };
    this.#needs.log.info("a card keeps to a limit of power by itself", facts);
  }

  /** Not set, or set and not to what was asked: what was found is forgotten only where it is. */
  #refused(card: Card, foundWatts: number, answer: LimitAnswer | undefined, watts: number): void {
    const now = answer?.now ?? null;
    if (answer === undefined || now === null) return open(card, answer?.why ?? SILENT);
    if (isSame(now, foundWatts)) this.#forget(card);
    else this.#remember(card, foundWatts, now);
    settle(card, { limitWatts: null, needs: needsOf(card, answer, watts) });
  }

  /** A limit that is kept, some time later: who set another since has the last word. */
  async #look(card: Card): Promise<void> {
    const { limitWatts } = card.told;
    if (limitWatts === null) return;
    const is = await card.given.limit({ watts: null, mostWatts: null });
    if (is === undefined || is.now === null || isSame(is.now, limitWatts)) {
      card.waits = LOOK_SECONDS;
      return;
    }
    this.#forget(card);
    const needs =
      `The card's own limit is ${Math.round(is.now)} W now, set by others or by its driver anew: ` +
      "it is left alone.";
    settle(card, { limitWatts: null, needs });
    this.#needs.log.warn("a card's own limit was changed by others", { card: card.given.name });
  }

  /** Gives back what was found, where the limit is still what was set here. */
  async #restore(card: Card): Promise<void> {
    settle(card, NOTHING);
    const changed = this.#changedOf(card);
    if (changed === undefined) return;
    const { foundWatts, setWatts } = changed;
    const is = await card.given.limit({ watts: null, mostWatts: null });
    if (is === undefined || is.now === null) return open(card, SILENT);
    if (!isSame(is.now, setWatts)) {
      // Somebody else set it since, or the driver began anew: that stands.
      this.#forget(card);
      return;
    }
    const answer = await card.given.limit({ watts: foundWatts, mostWatts: foundWatts });
    if (answer?.outcome === "done") {
      this.#forget(card);
      const facts = { card: card.given.name, watts: foundWatts };
      this.#needs.log.info("a card has the limit of power back that it had", facts);
      return;
    }
    const why = answer?.why ?? SILENT;
    open(card, why);
    const next = card.given.command(Math.round(foundWatts));
    const facts = { card: card.given.name, watts: foundWatts, why, next };
    this.#needs.log.warn("a card's limit of power could not be put back", facts);
  }

  #changedOf({ given }: Card): ChangedLimit | undefined {
    return this.#changed.find(({ card }) => card === given.key);
  }

  #remember({ given }: Card, foundWatts: number, setWatts: number): boolean {
    const { key } = given;
    const changed: ChangedLimit = { card: key, foundWatts, setWatts };
    const isKept = this.#needs.kept.keep(key, changed);
    if (isKept) this.#changed = [...this.#changed.filter(({ card }) => card !== key), changed];
    return isKept;
  }

  #forget({ given }: Card): void {
    const { key } = given;
    this.#changed = this.#changed.filter(({ card }) => card !== key);
    this.#needs.kept.keep(key, null);
  }
}

const SILENT = "the driver does not answer";
const UNKEPT = "what was found could not be written to the disk";

function settle(card: Card, told: CardLimit): void {
  card.told = told;
  card.waits = 0;
  card.isOpen = false;
}

function keepTo(card: Card, limitWatts: number): void {
  settle(card, { limitWatts, needs: null });
  card.waits = LOOK_SECONDS;
}

/** Could not be told or put back: it is tried again. */
function open(card: Card, why: string): void {
  settle(card, { limitWatts: null, needs: `The card's own limit was not set: ${why}.` });
  card.waits = LOOK_SECONDS;
  card.isOpen = true;
}

function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= SAME_WATTS;
}

/** Why a card was not told, and the command that tells it. */
function needsOf(card: Card, { outcome, why }: LimitAnswer, watts: number): string | null {
  if (outcome === "no-permission") return card.given.command(watts);
  // Without such a limit there is nothing to do; rests keep the cap.
  return outcome === "not-supported" ? null : `The card's own limit was not set: ${why}.`;
}
