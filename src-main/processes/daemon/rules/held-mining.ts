/**
 * Decides how the owner's wish and a hold meet: work runs where its owner wants it and nothing
 * holds it. A hold that ends gives back what was wanted before it: work, or the end of the unit
 * in hand; what its owner paused stays paused.
 */

import type { MineStatus } from "../../../contract/control-api/index.ts";
import type { Mining } from "../mining.ts";

/** Why work waits although its owner wants it. */
export interface Hold {
  readonly code: string;
  readonly facts: MineStatus["facts"];
  /** One sentence: why, and what ends it. */
  readonly sentence: string;
}

/** What the owner does, for whoever decides about holds. */
export interface OwnerActs {
  started(): void;
  paused(): void;
}

/** Mining that can be held. */
export interface HeldMining extends Mining {
  /** Holds work, or with null gives it back; calling it again with another reason tells that. */
  hold(hold: Hold | null): void;
  /** What is said of a cap that is kept, beside everything else; null: nothing. */
  tellCap(sentence: string | null): void;
  /** Whoever is told before the owner's act takes effect. */
  onOwner(acts: OwnerActs): void;
  /** Whether the owner wants work at this moment. */
  wanted(): boolean;
}

/** Puts a hold around mining. @param startsPaused  where the settings say to wait */
export function heldMining(mining: Mining, startsPaused: boolean): HeldMining {
  let wish: "none" | "on" | "paused" | "finishing" = "none";
  let hold: Hold | null = null;
  let cap: string | null = null;
  let acts: OwnerActs | null = null;
  const { changed, onChange } = listenersBeside(mining);
  const release = (): void => {
    if (wish === "on" || wish === "finishing") mining.start();
    if (wish === "finishing") mining.finish();
  };
  mining.onChange(() => {
    // The unit in hand has ended: what was finishing is paused.
    if (wish === "finishing" && hold === null && mining.status().state === "paused") {
      wish = "paused";
    }
  });
  return {
    ...mining,
    results: mining.results,
    begin() {
      wish = startsPaused ? "paused" : "on";
      mining.begin();
      if (hold !== null) mining.pause();
    },
    start() {
      wish = "on";
      acts?.started();
      if (hold === null) mining.start();
    },
    pause() {
      wish = "paused";
      acts?.paused();
      mining.pause();
    },
    finish() {
      if (wish === "paused") return;
      wish = "finishing";
      if (hold === null) mining.finish();
    },
    hold(next) {
      const [was, is] = [hold !== null, next !== null];
      const isNews = hold?.code !== next?.code;
      hold = next;
      // Another reason for the same: nothing changes in the miner, and the status does.
      if (isNews) changed();
      if (was === is || wish === "none") return;
      if (is && wish !== "paused") mining.pause();
      if (!is) release();
    },
    tellCap(sentence) {
      const isNews = sentence !== cap;
      cap = sentence;
      if (isNews) changed();
    },
    onOwner: (told) => (acts = told),
    onChange,
    wanted: () => wish === "on" || wish === "finishing",
    status() {
      const status = { ...mining.status(), ...(cap === null ? {} : { cap }) };
      return hold === null || wish === "paused" || wish === "none" ? status : heldBy(hold, status);
    },
  };
}

/** Listeners that hear of the miner's news and of those that are told here. */
function listenersBeside(mining: Mining): {
  readonly changed: () => void;
  readonly onChange: Mining["onChange"];
} {
  const listeners = new Set<() => void>();
  return {
    changed: () => {
      for (const listener of listeners) listener();
    },
    onChange: (listener) => {
      listeners.add(listener);
      const end = mining.onChange(listener);
      return () => {
        listeners.delete(listener);
        end();
      };
    },
  };
}

/** A status with why work waits. */
function heldBy({ code, facts, sentence }: Hold, status: MineStatus): MineStatus {
  return { ...status, state: "paused", code, facts, reason: sentence };
}
