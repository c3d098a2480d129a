import { describe, expect, it } from "vitest";
import { concentrationHandlers } from "../../../../src-main/api/index.ts";
import { checkResult } from "../../../../src-main/contract/control-api/index.ts";
import { concentration } from "../../../generators/concentration-answers.ts";
import type { Amounts } from "../../../generators/concentration-answers.ts";

async function answered(amounts?: Amounts) {
  const handlers = concentrationHandlers({ read: () => Promise.resolve(concentration(amounts)) });
  const answer = await handlers["ledger.concentration"]({});
  if (!answer.ok) throw new Error(answer.rejection.code);
  return answer.value;
}

describe("api/handlers/concentration-handlers", () => {
  it("answers each spread with its threshold, its exact fraction and its curve", async () => {
    const { votes, work, balances, deviceClasses } = await answered();
    expect(votes).toMatchObject({
      holders: 4,
      total: "100",
      gini: 2_500,
      giniExact: { numerator: "1", denominator: "4" },
      nakamoto: 1,
      over: { numerator: "1", denominator: "3" },
      greatest: 4_000,
    });
    expect(work.byPayout).toMatchObject({
      over: { numerator: "1", denominator: "2" },
      nakamoto: 1,
    });
    expect(balances.spread?.lorenz.at(-1)).toEqual({ holders: 10_000, share: 10_000 });
    expect(deviceClasses).toBeNull();
  });

  it("answers null where nobody has anything, and the schema takes both", async () => {
    const none = await answered({});
    expect([none.votes, none.bonds, none.work.byWorker, none.balances.spread]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    for (const answer of [none, await answered()]) {
      expect(checkResult("ledger.concentration", answer).ok).toBe(true);
    }
  });

  it("fits the schema with as many holders as are read, each with all there can be", async () => {
    const most = Array.from({ length: 32_768 }, (_, at) => (1n << 128n) - 1n - BigInt(at));
    const answer = await answered({ balances: most, workers: most });
    expect(checkResult("ledger.concentration", answer).ok).toBe(true);
  });
});
