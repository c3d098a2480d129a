import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock, systemEntropy } from "../../../../src-main/adapters/host/index.ts";
import { encode } from "../../../../src-main/codec/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { genesisCodec } from "../../../../src-main/ledger/index.ts";
import { dataFolder } from "../../../../src-main/processes/config/data-folder.ts";
import { openNetwork } from "../../../../src-main/processes/daemon/founding.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const needs = { hasher: sha256, clock: systemClock, entropy: systemEntropy };

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "vivian-founding-"));
  mkdirSync(join(home, "practice"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Leaves a genesis document in the folder: name, rule version, and then what version 1 had. */
function leave(ruleVersion: number): Uint8Array {
  const bytes = encode(genesisCodec, new PracticeWorld().genesis);
  const old = bytes.slice();
  const version = 4 + "practice".length;
  new DataView(old.buffer).setUint32(version, ruleVersion, true);
  // Version 1 ended its constants earlier: what follows does not read as version 2.
  const cut = Uint8Array.of(...old.subarray(0, 100), ...old.subarray(220));
  writeFileSync(dataFolder(home, "practice").genesis, cut);
  return cut;
}

const thrown = (): unknown => {
  try {
    openNetwork(dataFolder(home, "practice"), needs);
    return undefined;
  } catch (error) {
    return error;
  }
};

describe("processes/daemon/founding", () => {
  it("says that earlier rules founded the network, and leaves its folder alone", () => {
    const bytes = leave(1);
    expect(thrown()).toMatchObject({
      code: "LEDGER_GENESIS_RULES",
      facts: { founded: 1, needed: 2, folder: join(home, "practice") },
    });
    expect(readdirSync(join(home, "practice"))).toEqual(["genesis.bin"]);
    const held = readFileSync(join(home, "practice", "genesis.bin"));
    expect(Uint8Array.from(held)).toEqual(bytes);
  });

  it("tells a damaged document of its own version from an old one", () => {
    leave(2);
    expect(thrown()).toMatchObject({ code: "NODE_GENESIS_RULE" });
    writeFileSync(dataFolder(home, "practice").genesis, Uint8Array.of(1, 2, 3));
    expect(thrown()).toMatchObject({ code: "NODE_GENESIS_RULE" });
    writeFileSync(dataFolder(home, "practice").genesis, new Uint8Array(64).fill(0xff));
    expect(thrown()).toMatchObject({ code: "NODE_GENESIS_RULE" });
  });

  it("founds a network where none is, and reads it the next time", () => {
    const folder = dataFolder(home, "practice");
    const first = openNetwork(folder, needs);
    const again = openNetwork(folder, needs);
    expect([first.isNew, again.isNew]).toEqual([true, false]);
    expect(again.genesisHash).toEqual(first.genesisHash);
  });
});
