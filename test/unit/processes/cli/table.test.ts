import { describe, expect, it } from "vitest";

import { pairs, table } from "../../../../src-main/processes/cli/table.ts";

describe("table", () => {
  it("gives every column the width of its widest entry and sets numbers right", () => {
    expect(
      table(
        ["name", "pays"],
        [
          ["digits-cnn", "12.40 VIV"],
          ["é", "0.10 VIV"],
        ],
        [1],
      ),
    ).toEqual(["name             pays", "digits-cnn  12.40 VIV", "é            0.10 VIV"]);
  });
});

describe("pairs", () => {
  it("aligns values", () => {
    expect(
      pairs([
        ["a", "1"],
        ["long", "2"],
      ]),
    ).toEqual(["a     1", "long  2"]);
  });
});
