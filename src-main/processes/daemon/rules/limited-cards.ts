/**
 * Decides which cards can keep to a limit of power by themselves, how each is asked, and which
 * command sets the limit where this account may not: NVIDIA's by its library, AMD's by a file.
 */

import { limitCommand, NVML, nvmlWords } from "../../../adapters/nvml/index.ts";
import type { LimitTold, Nvml, NvmlDevice } from "../../../adapters/nvml/index.ts";
import type { WatchedDevice } from "../../../ports/device-telemetry.ts";
import type { FileLimit, LimitAnswer, LimitWish } from "../../../ports/power-limit.ts";

/** A card with a limit of its own. */
export interface LimitedCard {
  /** Id of the device as `devices` names it. */
  readonly id: string;
  /** Its name over restarts. */
  readonly key: string;
  readonly name: string;
  readonly leastWatts: number | null;
  /** Why it is left alone; null where it may be told. */
  readonly leftAlone: string | null;
  /** Undefined where no answer came in time. */
  limit(wish: LimitWish): Promise<LimitAnswer | undefined>;
  /** What its owner may do where this account may not. @param watts  whole watts */
  command(watts: number): string;
}

/** NVIDIA's cards; one without a name of its own is not told anything. */
export function nvidiaCards(
  nvml: Pick<Nvml, "limit" | "listing">,
  idOf: (device: NvmlDevice) => string,
): LimitedCard[] {
  return nvml.listing.devices.flatMap((device) => {
    const { uuid, name, mig, powerLimit } = device;
    if (uuid === null) return [];
    const shared = "The card is cut into instances, which share its own limit: it is left alone.";
    return [
      {
        id: idOf(device),
        key: uuid,
        name,
        leastWatts: powerLimit.least,
        leftAlone: mig?.isOn === true ? shared : null,
        limit: async (wish: LimitWish) => answerOf(await nvml.limit(uuid, wish)),
        command: (watts: number) =>
          "The card's own limit was not set, since the driver lets root alone do it: " +
          `${limitCommand(uuid, watts)} holds until the machine starts again.`,
      },
    ];
  });
}

function answerOf(told: LimitTold | undefined): LimitAnswer | undefined {
  if (told === undefined) return undefined;
  const { code, before, now } = told;
  if (code === NVML.success) return { outcome: "done", why: "", before, now };
  const isWithout = code === NVML.notSupported || code === NVML.functionNotFound;
  const refused = code === NVML.noPermission ? "no-permission" : "failed";
  return { outcome: isWithout ? "not-supported" : refused, why: nvmlWords(code), before, now };
}

/** A card whose driver shows its limit as a file. */
export function fileCard(
  device: Pick<WatchedDevice, "id" | "name">,
  { key, file, leastWatts }: FileLimit,
  limit: (wish: LimitWish) => Promise<LimitAnswer | undefined>,
): LimitedCard {
  return {
    id: device.id,
    key,
    name: device.name,
    leastWatts,
    leftAlone: null,
    limit,
    command: (watts) =>
      "The card's own limit was not set, since the system lets root alone do it: " +
      `echo ${watts}000000 | sudo tee ${file} holds until the machine starts again.`,
  };
}

/** Cards as they are found: by a library that opens, by a driver's reader that begins. */
export class LimitedCards {
  readonly #listeners: ((cards: readonly LimitedCard[]) => void)[] = [];
  readonly #known = new Map<string, LimitedCard>();

  add(cards: readonly LimitedCard[]): void {
    for (const card of cards) this.#known.set(card.id, card);
    for (const listener of this.#listeners) listener(cards);
  }

  /** Calls with the cards that are known, and with more as they come. */
  onCards(listener: (cards: readonly LimitedCard[]) => void): void {
    this.#listeners.push(listener);
    listener([...this.#known.values()]);
  }
}
