import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import type { Genesis } from "../../../src-main/ledger/index.ts";
import { createNode, verifyLedger } from "../../../src-main/node/index.ts";
import type { NodeNeeds } from "../../../src-main/node/index.ts";
import type { LedgerStore } from "../../../src-main/ports/ledger-store.ts";
import { openVoteLog } from "../../../src-main/adapters/disk/index.ts";
import { codeOf } from "../disks/small-disk.ts";
import { CRYPTO, GENESIS, KEYS, memoryLog, newFolder, OWNER } from "./practice-node.ts";
import { openNode, transfer } from "./practice-node.ts";

let folder = "";

beforeAll(async () => {
  folder = newFolder();
  const { node, close } = await openNode(folder);
  for (let count = 0; count < 3; count += 1) {
    await node.submit(transfer(node.nextNonce(OWNER, 0)));
  }
  await close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How a node of that genesis and those keys starts on the folder. */
async function started(genesis: Genesis, keys: NodeNeeds["keys"]): Promise<string> {
  const store = await openDiskLedger({ folder });
  const voteLog = openVoteLog(`${folder}/votes`);
  const needs = { store, voteLog, clock: systemClock, log: memoryLog(), keys, crypto: CRYPTO };
  const node = createNode({ genesis }, { ...needs, onFault: () => {} });
  const code = await codeOf(node.start());
  if (code === "") await node.stop();
  await voteLog.close();
  await store.close();
  return code;
}

describe("a node", () => {
  it("starts on its own folder with its own keys", async () => {
    expect(await started(GENESIS, KEYS)).toBe("");
  });

  it("refuses the folder of another network", async () => {
    const other = { ...GENESIS, time: GENESIS.time + 1n };
    expect(await started(other, KEYS)).toBe("NODE_GENESIS");
  });

  it("refuses keys that are not the only validator's", async () => {
    const consensusKey = KEYS.consensusKey.with(0, KEYS.consensusKey[0] ^ 1);
    expect(await started(GENESIS, { ...KEYS, consensusKey })).toBe("NODE_KEY");
  });

  it("refuses a slot beyond the last", async () => {
    const { node, close } = await openNode(folder);
    const beyond = node.record(node.head().size);
    expect(beyond).toMatchObject({ ok: false, rejection: { code: "NODE_SLOT" } });
    await close();
  });
});

describe("a check of a ledger", () => {
  it("finds a commit record that stands where another stood", async () => {
    const store = await openDiskLedger({ folder });
    const swapped: LedgerStore = Object.create(store) as LedgerStore;
    const first = store.commit(2)?.firstSlot ?? 0;
    swapped.size = () => store.size();
    swapped.floors = () => store.floors();
    swapped.head = () => store.head();
    swapped.outcome = (slot) => store.outcome(slot);
    swapped.commit = (number) => store.commit(number);
    swapped.record = (slot) => store.record(slot === first ? 0 : slot);
    const report = await verifyLedger(swapped, GENESIS, { clock: systemClock, crypto: CRYPTO });
    expect([report.code, report.facts["slot"]]).toEqual(["NODE_VERIFY_COMMIT", first]);
    await store.close();
  });
});
