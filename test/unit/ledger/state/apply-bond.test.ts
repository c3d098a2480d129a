import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { ed25519PublicKey, sha256 } from "../../../../src-main/crypto/index.ts";
import {
  BONDED,
  SINGLE,
  StateOverlay,
  stateViewOver,
  VIV,
  WORKERS,
} from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { BONDED_MAX } from "../../../../src-main/ledger/limits.ts";
import { applyBond } from "../../../../src-main/ledger/state/apply-bond.ts";
import { countedMoney } from "../../../worlds/counted-money.ts";
import { codeOf, PracticeWorld, secretOf } from "../../../worlds/practice-world.ts";
import { UnitLife } from "../../../worlds/unit-life.ts";
import { ruleContext } from "../../../worlds/rule-context.ts";

const KEY = ed25519PublicKey(secretOf("stranger"));

const bond = (change: Partial<PayloadOf<"bond">> = {}): PayloadOf<"bond"> => ({
  kind: "bond",
  amountBase: 5n * VIV,
  roles: 1,
  payout: new Uint8Array(20).fill(3),
  vrfKey: KEY,
  unitsPerHour: 7,
  ...change,
});

describe("ledger/state/apply-bond", () => {
  it("moves the amount into a bond and keeps the bonded list ascending", () => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("owner", bond()))).toBe("");
    const row = world.row(WORKERS, world.address.owner);
    expect(row).toMatchObject({ bondedBase: 5n * VIV, heldBase: 0n, roles: 1, unitsPerHour: 7 });
    const listed = (world.row(BONDED, SINGLE) ?? []).map(bytesToHex);
    expect(listed).toContain(bytesToHex(world.address.owner));
    expect(listed).toEqual(listed.toSorted());
    expect(countedMoney(world)).toBe(world.commits[0].supply.circulatingBase);
  });

  it("adds to a bond, and with an amount of 0 changes the rest alone", () => {
    const world = new PracticeWorld();
    world.codeOf(world.record("owner", bond()));
    world.codeOf(world.record("owner", bond({ amountBase: 2n * VIV, roles: 3 })));
    expect(world.codeOf(world.record("owner", bond({ amountBase: 0n, unitsPerHour: 9 })))).toBe("");
    const row = world.row(WORKERS, world.address.owner);
    expect(row).toMatchObject({ bondedBase: 7n * VIV, roles: 1, unitsPerHour: 9 });
    expect(world.row(BONDED, SINGLE)?.length).toBe(3);
  });

  it.each([
    ["LEDGER_BOND_ROLES", { roles: 0 }],
    ["LEDGER_BOND_ROLES", { roles: 4 }],
    ["LEDGER_BOND_VRF_KEY", { roles: 2, vrfKey: new Uint8Array(32) }],
    ["LEDGER_BOND_VRF_KEY", { roles: 3, vrfKey: new Uint8Array(32).fill(0xff) }],
    ["LEDGER_BOND_EMPTY", { amountBase: 0n }],
    ["LEDGER_BALANCE_SHORT", { amountBase: 10_000n * VIV }],
    ["", { roles: 1, vrfKey: new Uint8Array(32) }],
    ["", { roles: 3 }],
  ])("answers %s for %o", (code, change) => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("owner", bond(change)))).toBe(code);
  });

  it("keeps a verifier's VRF key while a unit of its is in flight", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world);
    const change = bond({ amountBase: 0n, roles: 2 });
    expect(world.codeOf(world.record("verifier", change))).toBe("LEDGER_BOND_IN_FLIGHT");
    const same = { ...change, vrfKey: ed25519PublicKey(secretOf("verifier")) };
    expect(world.codeOf(world.record("verifier", same))).toBe("");
    life.until("verdict").take("verdict");
    expect(world.codeOf(world.record("verifier", change))).toBe("");
  });

  it("refuses one more account when as many are bonded as a draw weighs", () => {
    const world = new PracticeWorld();
    const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
    const full = Array.from({ length: BONDED_MAX }, (_, at) => sha256(Uint8Array.of(at)));
    overlay.write(
      BONDED,
      SINGLE,
      full.map((digest) => digest.slice(0, 20)),
    );
    const sender = { account: world.address.owner, id: full[0], slot: 1n };
    const refused = applyBond(overlay, sender, bond(), ruleContext(world));
    expect(codeOf(refused)).toBe("LEDGER_BONDED_FULL");
  });
});
