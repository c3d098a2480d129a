import { describe, expect, it } from "vitest";
import { addressToText } from "../../../../src-main/crypto/index.ts";
import { rowFields } from "../../../../src-main/processes/cli/row-fields.ts";

const claimant = new Uint8Array(20).fill(3);
const digest = new Uint8Array(32).fill(0xab);

describe("processes/cli/row-fields", () => {
  it("writes an address as one, other bytes as hex, amounts in VIV, a deposit by its parts", () => {
    const deposit = { depositor: claimant, depositBase: 25n * 10n ** 16n };
    const row = { claimant, root: digest, volumeWh: 900n, minted: false, deposit };
    expect(rowFields(row)).toEqual({
      claimant: addressToText(claimant),
      root: "ab".repeat(32),
      volumeWh: "900",
      minted: "false",
      depositor: addressToText(claimant),
      depositBase: "0.25 VIV",
    });
  });

  it("writes a row that is a list as one field", () => {
    expect(rowFields([{ due: 5n, amountBase: 10n ** 18n }])).toEqual({
      entries: "[{due 5, amountBase 1 VIV}]",
    });
    expect(rowFields([])).toEqual({ entries: "[]" });
  });
});
