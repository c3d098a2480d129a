import { describe, expect, it } from "vitest";
import {
  balancesSentence,
  giniText,
  greatestText,
  spreadSentence,
  windowSentence,
} from "../../../src-main/contract/concentration-words.ts";
import type { ConcentrationAnswer, Spread } from "../../../src-main/contract/control-api/index.ts";
import { formatCount } from "../../../src-main/contract/units.ts";
import { concentrationOf, spreadOf } from "../../generators/concentration-answers.ts";

const spread = (change: Partial<Spread>): Spread => ({ ...spreadOf([1n, 2n, 3n]), ...change });
const found = (change: Partial<ConcentrationAnswer>): ConcentrationAnswer => ({
  ...concentrationOf(),
  ...change,
});

const day = (timeMs: number): string => `day ${timeMs}`;

describe("contract/concentration-words", () => {
  it("says how many together, how many alone, and where there is only one", () => {
    const several = spread({ holders: 9, nakamoto: 2 });
    expect(spreadSentence("votes", several)).toBe(
      "2 of 9 validators together have more than a third of the votes and could halt the ledger.",
    );
    expect(spreadSentence("byWorker", spread({ holders: 9, nakamoto: 1 }))).toBe(
      "1 of 9 workers alone has more than half of what was paid for training.",
    );
    expect(spreadSentence("votes", spread({ holders: 1, nakamoto: 1 }))).toBe(
      "One validator has every vote: when it stops, the ledger stops.",
    );
  });

  it("says in words where there is nothing", () => {
    for (const kind of ["votes", "bonds", "byWorker", "byPayout", "balances"] as const) {
      expect(spreadSentence(kind, null)).toMatch(/^No/);
    }
    const { work, balances } = concentrationOf();
    const before = { ...work, fromCommit: 1, toCommit: 0 };
    expect(windowSentence(found({ work: before }), day)).toBe("Nothing was sealed yet.");
    const none = { ...balances, spread: null };
    expect(balancesSentence(found({ balances: none }))).toBe("No balance was counted.");
  });

  it("names the commits, their begin, and units whose worker is not known", () => {
    const { work } = concentrationOf();
    const told = { ...work, fromCommit: 3, toCommit: 1_200, payments: 1, unattributed: 0 };
    const fromMs = 12;
    expect(windowSentence(found({ work: { ...told, fromMs } }), day)).toBe(
      `1 unit paid in commits 3 to ${formatCount(1_200)} since day 12.`,
    );
    const unknown = { ...told, payments: 7, unattributed: 2, fromMs: null };
    expect(windowSentence(found({ work: unknown }), day)).toBe(
      `7 units paid in commits 3 to ${formatCount(1_200)}; of 2 the worker is not known here.`,
    );
  });

  it("says what part of all VIV the balances are, and where more accounts are", () => {
    const balances = { spread: spread({ total: "25" }), whole: false, circulatingBase: "100" };
    expect(balancesSentence(found({ balances }))).toMatch(/^Balances counted are 25\.0 % of all/);
    expect(balancesSentence(found({ balances }))).toMatch(/more accounts than were read\.$/);
    const whole = { ...balances, whole: true };
    expect(balancesSentence(found({ balances: whole }))).not.toMatch(/more accounts/);
  });

  it("writes Gini with two digits and the greatest share in percent", () => {
    expect(giniText(spread({ gini: 4_251 }))).toBe("0.43");
    expect(giniText(spread({ gini: 0 }))).toBe("0.00");
    expect(greatestText(spread({ greatest: 3_825 }))).toBe("the greatest has 38.3 %");
  });
});
