import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../../src-main/codec/index.ts";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { brokenGenesisRule, genesisCodec, genesisHash } from "../../../../src-main/ledger/index.ts";
import type { Genesis } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const { genesis } = new PracticeWorld();
const [account] = genesis.accounts;
const [validator] = genesis.validators;
const constants = (change: Partial<Genesis["constants"]>) => ({
  constants: { ...genesis.constants, ...change },
});

describe("ledger/genesis/genesis", () => {
  it("gives the same document back from its bytes", () => {
    const bytes = encode(genesisCodec, genesis);
    expect(decode(genesisCodec, bytes)).toEqual({ ok: true, value: genesis });
  });

  it.each<[string, Partial<Genesis>]>([
    ["no name", { name: "" }],
    ["unknown rules", { ruleVersion: 3 }],
    ["an epoch of nothing", constants({ epochMs: 0n })],
    ["a challenge in the reveal's own view", constants({ challengeDelayViews: 0n })],
    ["a draw repeated at once", constants({ assignRetryMs: 0n })],
    ["no validator", { validators: [] }],
    ["a validator without weight", { validators: [{ ...validator, weight: 0n }] }],
    ["a validator twice", { validators: [validator, validator] }],
    ["an account twice", { accounts: [account, account] }],
    ["accounts out of order", { accounts: [...genesis.accounts].reverse() }],
    ["an unknown role", { accounts: [{ ...account, roles: 4 }] }],
    ["a bond without a role", { accounts: [{ ...account, roles: 0, bondedBase: 1n }] }],
    [
      "more VIV than a u128 holds",
      { accounts: [{ ...account, balanceBase: (1n << 128n) - 1n, bondedBase: 1n, roles: 1 }] },
    ],
  ])("refuses %s", (_, change) => {
    const broken = { ...genesis, ...change };
    expect(brokenGenesisRule(broken)).toBeDefined();
    expect(() => encode(genesisCodec, broken)).toThrow("genesis document");
  });

  it("names every document differently", () => {
    const others: Partial<Genesis>[] = [
      { name: "other" },
      { time: 1n },
      { pool: new Uint8Array(20) },
      constants({ feePerByteBase: 1n }),
      { validators: [{ ...validator, weight: 2n }] },
    ];
    const names = [genesis, ...others.map((other) => ({ ...genesis, ...other }))];
    const hashes = names.map((document) => bytesToHex(genesisHash(sha256, document)));
    expect(new Set(hashes).size).toBe(names.length);
  });
});
