import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { MineStatus } from "../../../../../src-main/contract/control-api/index.ts";
import type { Mining } from "../../../../../src-main/processes/daemon/mining.ts";
import { heldMining } from "../../../../../src-main/processes/daemon/rules/held-mining.ts";
import type { Hold } from "../../../../../src-main/processes/daemon/rules/held-mining.ts";

const HOT: Hold = { code: "ENERGY_PROTECTION_HEAT", facts: { celsius: 84 }, sentence: "Waiting" };

/** A miner that only says what it was told. */
class ToldMiner {
  state: "new" | "working" | "paused" | "finishing" = "new";
  readonly listeners = new Set<() => void>();

  get mining(): Mining {
    return {
      begin: () => this.#is("working"),
      start: () => this.#is("working"),
      pause: () => this.#is("paused"),
      pace: () => undefined,
      finish: () => this.#is("finishing"),
      stop: () => Promise.resolve(),
      status: () =>
        ({
          state: this.state === "new" ? "paused" : this.state,
          code: null,
          facts: {},
        }) as MineStatus,
      units: () => [],
      results: {} as Mining["results"],
      curve: () => ({ points: [] }),
      onChange: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }

  /** The unit in hand ends. */
  endUnit(): void {
    if (this.state === "finishing") this.#is("paused");
  }

  #is(state: ToldMiner["state"]): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

const begun = () => {
  const miner = new ToldMiner();
  const mining = heldMining(miner.mining, false);
  mining.begin();
  return { miner, mining };
};

describe("heldMining", () => {
  it("pauses while held, says why, and gives work back", () => {
    const { miner, mining } = begun();
    mining.hold(HOT);
    expect(miner.state).toBe("paused");
    expect(mining.status()).toMatchObject({
      state: "paused",
      code: "ENERGY_PROTECTION_HEAT",
      reason: "Waiting",
    });
    mining.hold(null);
    expect(miner.state).toBe("working");
    expect(mining.status().reason).toBeUndefined();
  });

  it("leaves what its owner paused paused, before and after a hold", () => {
    const { miner, mining } = begun();
    mining.pause();
    mining.hold(HOT);
    expect(mining.status()).toMatchObject({ state: "paused", code: null });
    mining.hold(null);
    expect(miner.state).toBe("paused");
    mining.hold(HOT);
    mining.start();
    expect(miner.state).toBe("paused");
    mining.hold(null);
    expect(miner.state).toBe("working");
    mining.hold(HOT);
    mining.pause();
    mining.hold(null);
    expect(miner.state).toBe("paused");
  });

  it("ends the unit in hand after a hold, and stays paused then", () => {
    const { miner, mining } = begun();
    mining.finish();
    mining.hold(HOT);
    expect(miner.state).toBe("paused");
    mining.hold(null);
    expect(miner.state).toBe("finishing");
    miner.endUnit();
    expect(mining.wanted()).toBe(false);
    mining.hold(HOT);
    mining.hold(null);
    expect(miner.state).toBe("paused");
  });

  it("is held from its begin where something held it before", () => {
    const miner = new ToldMiner();
    const mining = heldMining(miner.mining, false);
    mining.hold(HOT);
    expect(miner.state).toBe("new");
    mining.begin();
    expect(miner.state).toBe("paused");
    mining.hold(null);
    expect(miner.state).toBe("working");
  });

  it("never works while held or paused by its owner, in any order of events", () => {
    const events = fc.array(fc.constantFrom("start", "pause", "finish", "hold", "free", "end"));
    fc.assert(
      fc.property(events, (all) => {
        const { miner, mining } = begun();
        let isHeld = false;
        let isPaused = false;
        for (const event of all) {
          if (event === "hold" || event === "free") mining.hold(event === "hold" ? HOT : null);
          else if (event === "end") miner.endUnit();
          else mining[event]();
          if (event === "hold" || event === "free") isHeld = event === "hold";
          if (event === "start" || event === "pause") isPaused = event === "pause";
          if (isHeld || isPaused) expect(["working", "finishing"]).not.toContain(miner.state);
          else if (event === "start" || event === "free") {
            expect(mining.wanted()).toBe(miner.state !== "paused");
          }
        }
      }),
    );
  });
});
