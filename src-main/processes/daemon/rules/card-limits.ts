/**
 * Decides when a card of NVIDIA is told to keep to a cap by itself: where the driver lets this
 * account do so (root alone), never above what was found, and found again when the cap ends, when
 * the daemon ends, and after a crash at the next start. What was found is on the disk before
 * anything is set.
 */

import { NVML, nvmlWords } from "../../../adapters/nvml/index.ts";
import type { LimitTold, Nvml, NvmlDevice } from "../../../adapters/nvml/index.ts";
import type { Log } from "../../../ports/log.ts";
import type { CardLimit } from "./cap-keeper.ts";

/** A limit that was changed by us. */
export interface ChangedLimit {
  readonly uuid: string;
  readonly foundWatts: number;
  readonly setWatts: number;
}

/** Where they are remembered; reading or writing never throws. */
export interface ChangedLimits {
  read(): readonly ChangedLimit[];
  /** False where the disk refuses: then nothing is set. */
  write(limits: readonly ChangedLimit[]): boolean;
}

/** What it needs. */
export interface CardLimitsNeeds {
  readonly kept: ChangedLimits;
  readonly log: Log;
}

interface Card {
  readonly device: NvmlDevice;
  readonly uuid: string;
  readonly nvml: Pick<Nvml, "limit">;
  /** What was wanted when it was last tried; null: nothing. */
  tried: number | null;
  told: CardLimit;
}

const NOTHING: CardLimit = { limitWatts: null, needs: null };

/** Watts by which a driver may round. */
const SAME_WATTS = 1;

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
  take(nvml: Pick<Nvml, "limit" | "listing">, idOf: (device: NvmlDevice) => string): Promise<void> {
    for (const device of nvml.listing.devices) {
      const { uuid } = device;
      if (uuid === null) continue;
      const card: Card = { device, uuid, nvml, tried: null, told: NOTHING };
      this.#cards.set(idOf(device), card);
      this.#then(() => this.#restore(card));
    }
    return this.#turn;
  }

  /** Caps of now by device; what is no longer capped gets back what it had. */
  want(caps: ReadonlyMap<string, number>): void {
    this.#wanted = caps;
    for (const [id, card] of this.#cards) {
      const watts = caps.get(id) ?? null;
      if (watts === card.tried || this.#closed) continue;
      card.tried = watts;
      this.#then(() => this.#apply(id, card));
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

  async #apply(id: string, card: Card): Promise<void> {
    // The newest wish counts; one that was waiting may be over.
    const watts = this.#closed ? null : (this.#wanted.get(id) ?? null);
    if (watts === null) return await this.#restore(card);
    const { device, uuid, nvml } = card;
    if (device.mig?.isOn === true) {
      const needs = "The card is cut into instances, which share its own limit: it is left alone.";
      card.told = { limitWatts: null, needs };
      return;
    }
    const found = this.#changed.find((one) => one.uuid === uuid)?.foundWatts ?? null;
    const most = found ?? (await nvml.limit(uuid, { watts: null, mostWatts: null }))?.before;
    if (most === undefined || most === null) return;
    const target = Math.min(most, Math.max(device.powerLimit.least ?? 1, Math.floor(watts)));
    if (target >= most) {
      // It keeps to less already.
      await this.#restore(card);
      card.told = { limitWatts: most <= watts ? most : null, needs: null };
      return;
    }
    if (!this.#remember({ uuid, foundWatts: most, setWatts: target })) return;
    const told = await nvml.limit(uuid, { watts: target, mostWatts: most });
    if (told?.code === NVML.success) {
      card.told = { limitWatts: told.now, needs: null };
      const facts = { card: device.name, watts: target, before: most };
      this.#needs.log.info("a card keeps to a limit of power by itself", facts);
      return;
    }
    if (found === null) this.#forget(uuid);
    card.told = { limitWatts: null, needs: needsOf(card, told, target) };
  }

  /** Gives back what was found, where the limit is still what was set here. */
  async #restore(card: Card): Promise<void> {
    const { uuid, nvml, device } = card;
    card.told = NOTHING;
    const changed = this.#changed.find((one) => one.uuid === uuid);
    if (changed === undefined) return;
    const { foundWatts, setWatts } = changed;
    const is = await nvml.limit(uuid, { watts: null, mostWatts: null });
    if (is === undefined || is.now === null) return;
    if (Math.abs(is.now - setWatts) > SAME_WATTS) {
      // Somebody else set it since, or the driver began anew: that stands.
      this.#forget(uuid);
      return;
    }
    const told = await nvml.limit(uuid, { watts: foundWatts, mostWatts: foundWatts });
    if (told?.code === NVML.success) {
      this.#forget(uuid);
      const facts = { card: device.name, watts: foundWatts };
      this.#needs.log.info("a card has the limit of power back that it had", facts);
      return;
    }
    const why = told === undefined ? "the driver does not answer" : nvmlWords(told.code);
    const facts = { card: device.name, watts: foundWatts, why };
    this.#needs.log.warn("a card's limit of power could not be put back", facts);
  }

  #remember(changed: ChangedLimit): boolean {
    const others = this.#changed.filter(({ uuid }) => uuid !== changed.uuid);
    const limits = [...others, changed];
    const isKept = this.#needs.kept.write(limits);
    if (isKept) this.#changed = limits;
    return isKept;
  }

  #forget(uuid: string): void {
    this.#changed = this.#changed.filter((one) => one.uuid !== uuid);
    this.#needs.kept.write(this.#changed);
  }
}

/** Why a card was not told, and the command that tells it. */
function needsOf({ uuid }: Card, told: LimitTold | undefined, watts: number): string | null {
  if (told === undefined) return "The card's own limit was not set: the driver does not answer.";
  if (told.code === NVML.noPermission) {
    return (
      "The card's own limit was not set, since the driver lets root alone do it: " +
      `sudo nvidia-smi -i ${uuid} -pl ${watts} holds until the machine starts again.`
    );
  }
  // Without such a limit there is nothing to do; rests keep the cap.
  if (told.code === NVML.notSupported || told.code === NVML.functionNotFound) return null;
  return `The card's own limit was not set: ${nvmlWords(told.code)}.`;
}
