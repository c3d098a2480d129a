import { describe, expect, it } from "vitest";

import type { LimitAnswer, LimitWish } from "../../../../../src-main/ports/power-limit.ts";
import { CardLimits } from "../../../../../src-main/processes/daemon/rules/card-limits.ts";
import type { ChangedLimit } from "../../../../../src-main/processes/daemon/rules/card-limits.ts";
import type { LimitedCard } from "../../../../../src-main/processes/daemon/rules/limited-cards.ts";
import { NotedLog } from "../../../../worlds/moved-clock.ts";

/** A card that keeps what is set, unless the test says otherwise. */
class Card implements LimitedCard {
  readonly id = "gpu-0";
  readonly key = "card-1";
  readonly name = "card";
  readonly leastWatts = 100;
  readonly leftAlone = null;
  watts = 300;
  /** What becomes of setting it. */
  set: "done" | "rounds" | "refused" | "unanswered" = "done";
  silent = false;

  limit({ watts }: LimitWish): Promise<LimitAnswer | undefined> {
    if (this.silent) return Promise.resolve(undefined);
    const before = this.watts;
    const answer = (outcome: LimitAnswer["outcome"], why = ""): LimitAnswer => {
      return { outcome, why, before, now: this.watts };
    };
    if (watts === null) return Promise.resolve(answer("done"));
    if (this.set === "refused") return Promise.resolve(answer("no-permission", "root alone"));
    this.watts = this.set === "rounds" ? watts + 10 : watts;
    if (this.set === "unanswered") return Promise.resolve(undefined);
    return Promise.resolve(this.set === "done" ? answer("done") : answer("failed", "rounded"));
  }

  command(watts: number): string {
    return `set ${watts}`;
  }
}

/** Cards of one life over what is kept. */
async function life(card: Card, kept: Map<string, ChangedLimit>) {
  const log = new NotedLog();
  const file = {
    read: () => [...kept.values()],
    keep: (key: string, limit: ChangedLimit | null) => {
      if (limit === null) kept.delete(key);
      else kept.set(key, limit);
      return true;
    },
  };
  const cards = new CardLimits({ kept: file, log });
  await cards.take([card]);
  /** Seconds of a cap; null: none. */
  const seconds = async (watts: number | null, count = 1): Promise<void> => {
    for (let second = 0; second < count; second += 1) {
      cards.want(watts === null ? new Map() : new Map([["gpu-0", watts]]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { cards, log, seconds, told: () => cards.of("gpu-0") };
}

describe("CardLimits", () => {
  it("puts back a limit that was set although nobody said so", async () => {
    const [card, kept] = [new Card(), new Map<string, ChangedLimit>()];
    const { seconds, told } = await life(card, kept);
    card.set = "unanswered";
    await seconds(200);
    expect([card.watts, told().limitWatts]).toEqual([200, null]);
    expect(told().needs).toBe("The card's own limit was not set: the driver does not answer.");
    expect(kept.get("card-1")).toMatchObject({ foundWatts: 300 });
    card.set = "done";
    // It is tried again by itself.
    await seconds(200, 60);
    expect(told()).toEqual({ limitWatts: 200, needs: null });
    await seconds(null);
    expect([card.watts, kept.size]).toEqual([300, 0]);
  });

  it("remembers a limit that became another one, and puts back what was found", async () => {
    const [card, kept] = [new Card(), new Map<string, ChangedLimit>()];
    const { seconds, told } = await life(card, kept);
    card.set = "rounds";
    await seconds(200);
    expect([card.watts, told().limitWatts]).toEqual([210, null]);
    expect(kept.get("card-1")).toEqual({ card: "card-1", foundWatts: 300, setWatts: 210 });
    card.set = "done";
    await seconds(null);
    expect([card.watts, kept.size]).toEqual([300, 0]);
  });

  it("forgets at once what was refused, and says the command", async () => {
    const [card, kept] = [new Card(), new Map<string, ChangedLimit>()];
    card.set = "refused";
    const { seconds, told } = await life(card, kept);
    await seconds(200);
    expect([told().needs, kept.size]).toEqual(["set 200", 0]);
  });

  it("tries again to put back what a silent driver did not take, also next time", async () => {
    const [card, kept] = [new Card(), new Map<string, ChangedLimit>()];
    const first = await life(card, kept);
    await first.seconds(200);
    card.silent = true;
    await first.seconds(null, 30);
    card.silent = false;
    await first.seconds(null, 60);
    expect([card.watts, kept.size]).toEqual([300, 0]);
    await first.seconds(200);
    card.silent = true;
    await first.cards.close();
    const second = await life(card, kept);
    card.silent = false;
    await second.seconds(null, 60);
    expect([card.watts, kept.size]).toEqual([300, 0]);
  });

  it("leaves a limit alone that somebody else set, and relies on it no more", async () => {
    const [card, kept] = [new Card(), new Map<string, ChangedLimit>()];
    const { seconds, told, cards } = await life(card, kept);
    await seconds(200);
    card.watts = 280;
    await seconds(200, 60);
    expect([told().limitWatts, kept.size]).toEqual([null, 0]);
    expect(told().needs).toContain("280 W now");
    await cards.close();
    expect(card.watts).toBe(280);
  });

  it("knows a card by the name that it keeps while its reader is begun again", async () => {
    const [card, kept] = [new Card(), new Map<string, ChangedLimit>()];
    const { cards, seconds, told } = await life(card, kept);
    await seconds(200);
    await cards.take([card]);
    expect([card.watts, told().limitWatts]).toEqual([200, 200]);
  });

  it("says so where the disk would not keep what was found", async () => {
    const card = new Card();
    const cards = new CardLimits({
      kept: { read: () => [], keep: () => false },
      log: new NotedLog(),
    });
    await cards.take([card]);
    cards.want(new Map([["gpu-0", 200]]));
    await cards.close();
    expect(card.watts).toBe(300);
  });
});
