import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { ACCOUNTS, FEEDS } from "../../../../src-main/ledger/index.ts";
import {
  advanceTrust,
  checkFeed,
  checkOutcome,
  checkRecord,
  checkRow,
  trustGenesis,
} from "../../../../src-main/ledger/light/index.ts";
import { scheme } from "../../../worlds/certified-world.ts";
import { LightWorld } from "../../../worlds/light-world.ts";
import { codeOf, must, PracticeWorld, transfer } from "../../../worlds/practice-world.ts";

const light = new LightWorld(new PracticeWorld({ keys: "real" }));
const { world } = light;
const { owner, stranger } = world.address;
for (let at = 0; at < 4; at += 1) light.commit([world.record("owner", transfer(stranger, 7n))]);
const needs = { hasher: sha256, scheme, nowMs: world.head.time };
const start = trustGenesis(sha256, world.genesis);
const AT = 4;
const trusted = must(advanceTrust(start, light.update(0, AT), needs));

describe("ledger/light/check-claims", () => {
  it("believes a record in its slot and no other bytes or slot", () => {
    const claim = light.record(3, AT);
    const { record } = must(checkRecord(sha256, trusted, claim));
    expect(record.payload).toEqual(transfer(stranger, 7n));
    const moved = { ...claim, slot: 5n };
    expect(codeOf(checkRecord(sha256, trusted, moved))).toBe("LEDGER_RECEIPT_RECORD");
    const beyond = { ...claim, slot: trusted.vectorSize };
    expect(codeOf(checkRecord(sha256, trusted, beyond))).toBe("LEDGER_LIGHT_SLOT");
    const changed = { ...claim, bytes: Uint8Array.from(claim.bytes, (byte) => byte ^ 1) };
    expect(codeOf(checkRecord(sha256, trusted, changed))).toBe("LEDGER_RECEIPT_RECORD");
  });

  it("believes an outcome that the trusted commit names", () => {
    const claim = light.outcome(3, AT);
    expect(must(checkOutcome(sha256, trusted, claim)).code).toBe("");
    const early = { ...claim, slot: trusted.firstSlot };
    expect(codeOf(checkOutcome(sha256, trusted, early))).toBe("LEDGER_RECEIPT_EARLY");
    const other = { ...claim, bytes: light.outcome(2, AT).bytes };
    expect(codeOf(checkOutcome(sha256, trusted, other))).toBe("LEDGER_RECEIPT_OUTCOME");
  });

  it("believes a row, and its absence, as of the commit before", () => {
    const claim = light.row(ACCOUNTS, stranger, AT);
    expect(must(checkRow(sha256, trusted, ACCOUNTS, stranger, claim))?.balanceBase).toBe(21n);
    const nobody = new Uint8Array(20).fill(250);
    const absent = light.row(ACCOUNTS, nobody, AT);
    expect(must(checkRow(sha256, trusted, ACCOUNTS, nobody, absent))).toBeUndefined();
    const denied = { ...claim, bytes: undefined };
    expect(codeOf(checkRow(sha256, trusted, ACCOUNTS, stranger, denied))).toBe(
      "LEDGER_LIGHT_STATE",
    );
    const later = light.row(ACCOUNTS, stranger, AT - 1);
    expect(codeOf(checkRow(sha256, trusted, ACCOUNTS, stranger, later))).toBe("LEDGER_LIGHT_STATE");
  });

  it("believes a feed that is whole", () => {
    const claim = light.row(FEEDS, stranger, AT);
    expect(codeOf(checkFeed(sha256, trusted, stranger, [1n, 3n, 5n], claim))).toBe("");
    for (const slots of [[1n, 5n], [3n, 1n, 5n], [1n, 3n, 5n, 7n], []]) {
      expect(codeOf(checkFeed(sha256, trusted, stranger, slots, claim))).toBe("LEDGER_LIGHT_FEED");
    }
    const others = light.row(FEEDS, owner, AT);
    expect(codeOf(checkFeed(sha256, trusted, stranger, [1n, 3n, 5n], others))).toBe(
      "LEDGER_LIGHT_STATE",
    );
    const nobody = new Uint8Array(20).fill(250);
    const none = light.row(FEEDS, nobody, AT);
    expect(codeOf(checkFeed(sha256, trusted, nobody, [], none))).toBe("");
  });
});
