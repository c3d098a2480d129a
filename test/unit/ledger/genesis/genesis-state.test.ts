import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  ACCOUNTS,
  BONDED,
  genesisState,
  SINGLE,
  stateMapRoot,
  TOTALS,
  VALIDATORS,
  WORKERS,
} from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const world = new PracticeWorld();

describe("ledger/genesis/genesis-state", () => {
  it("starts with the rows the document says", () => {
    const { genesis } = world;
    let genesisBase = 0n;
    for (const { address, balanceBase, bondedBase, roles } of genesis.accounts) {
      genesisBase += balanceBase + bondedBase;
      expect(world.row(ACCOUNTS, address)).toEqual({ balanceBase });
      expect(world.row(WORKERS, address)?.bondedBase).toBe(roles === 0 ? undefined : bondedBase);
    }
    expect(world.row(TOTALS, SINGLE)).toMatchObject({ genesisBase, circulatingBase: genesisBase });
    expect(world.row(VALIDATORS, SINGLE)).toEqual(genesis.validators);
    expect(world.row(BONDED, SINGLE)).toHaveLength(2);
  });

  it("is the same whoever computes it, and its root that of its pages", () => {
    const again = genesisState(world.genesis, { hasher: sha256 });
    expect(again.head).toEqual(world.head);
    const root = stateMapRoot({ hasher: sha256, readPage: world.readPage });
    expect(bytesToHex(root)).toBe(bytesToHex(world.head.stateRoot));
  });
});
