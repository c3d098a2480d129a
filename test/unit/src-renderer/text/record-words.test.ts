import { describe, expect, it } from "vitest";

import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { addressToText } from "../../../../src-main/crypto/index.ts";
import type { LedgerRecord, Payload } from "../../../../src-main/ledger/index.ts";
import { effectPieces, fieldsOf, kindWords } from "../../../../src-renderer/text/record-words.ts";

const account = new Uint8Array(20).fill(7);
const unit = new Uint8Array(32).fill(9);
const link = `#/explorer/account/${addressToText(account)}`;
const recordOf = (payload: Payload): LedgerRecord => {
  return { account, lane: 0, nonce: 0n, validUntil: 0n, maxFee: 0n, payload };
};
const words = (payload: Payload): Record<string, string> =>
  Object.fromEntries(
    fieldsOf(recordOf(payload)).map(({ name, pieces }) => [
      name,
      pieces.map(({ text }) => text).join(""),
    ]),
  );

describe("text/record-words", () => {
  it("writes amounts with their unit and accounts as links", () => {
    const payload = {
      kind: "transfer",
      to: account,
      amountBase: 1_500_000_000_000_000_000n,
    } as const;
    const [to, amount] = fieldsOf(recordOf(payload));
    expect(to.pieces[0]).toMatchObject({ link, whole: addressToText(account) });
    expect([amount.name, amount.pieces[0].text]).toEqual(["amount", "1.5 VIV"]);
  });

  it("shows a memo as text only where it is text", () => {
    const memo = (bytes: Uint8Array) => words({ kind: "memo", to: account, memo: bytes })["memo"];
    expect(memo(new TextEncoder().encode("rent, May"))).toBe("“rent, May”");
    expect(memo(Uint8Array.of(0xff, 0x01))).toBe("ff01");
    expect(memo(new TextEncoder().encode("a\u0007"))).toBe("6107");
    expect(memo(new Uint8Array())).toBe("(empty)");
  });

  it("shortens lists and long bytes, and says by how much", () => {
    const transfers = Array.from({ length: 12 }, () => ({ to: account, amountBase: 1n }));
    const several = words({ kind: "multi-transfer", transfers, memo: new Uint8Array() });
    expect(several["transfers"]).toMatch(/ and 4 more$/);
    const first = new Uint8Array(300);
    const evidence = words({ kind: "evidence", first, second: first });
    expect(evidence["first"]).toMatch(/^300 bytes, 0{32}…$/);
  });

  it("says of each effect whom it concerns, as links", () => {
    const paid = effectPieces({
      kind: "paid",
      unit,
      to: account,
      amountBase: 10n ** 18n,
      share: "worker",
      minted: true,
    });
    expect(paid.map(({ text }) => text).join("")).toMatch(/^1 VIV paid to .* \(worker, minted\)/);
    const links = paid.flatMap((piece) => piece.link ?? []);
    expect(links).toEqual([link, `#/explorer/unit/${bytesToHex(unit)}`]);
    expect(effectPieces({ kind: "voided", unit, code: "A_B" }).at(-1)?.text).toContain("A_B");
    expect(effectPieces({ kind: "retracted", publication: 7n, collection: "" }).at(-1)).toEqual({
      text: "slot 7",
      link: "#/explorer/7",
    });
  });

  it("says a kind that is newer than the page by its own name", () => {
    expect(kindWords("unit-seal")).toBe("result sealed");
    expect(kindWords("something-new")).toBe("something-new");
  });
});
