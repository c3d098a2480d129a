import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesEqual } from "../../src-main/contract/bytes.ts";
import { makeSmallJob } from "../integration/miner/small-job.ts";
import { copyReveal, copySeal } from "./adversaries/copied-seal.ts";
import { openNetwork, signerOf } from "./cheat-network.ts";
import type { CheatNetwork, Who } from "./cheat-network.ts";
import { expectNothingPaid, expectPaidOnce, moneyOf } from "./money.ts";
import { cheatTable, writeRow } from "./scenario.ts";
import { HONEST, startMiner, unitReaches } from "./unit-run.ts";

const SCENARIO = {
  cheat: "copied seal: of another worker's unit",
  who: "worker",
  code: "LEDGER_SEAL_MISMATCH",
  end: "refused",
  unitCode: "LEDGER_REVEAL_MISSED",
  loses: ["worker"],
} as const;

const job = makeSmallJob(24, 6, { fullReplayPermille: 0 });
const table = cheatTable("simulation/copied-seal");
let network: CheatNetwork;
beforeAll(async () => {
  network = await openNetwork(job, 2);
});
afterAll(async () => {
  await network.close();
  job.remove();
});

const whoIs = (address: Uint8Array): Who =>
  bytesEqual(address, signerOf("worker").address) ? "worker" : "second";
const over = ({ phase }: { phase: string }) => phase === "paid" || phase === "void";

/** A job's unit and who was drawn to work on it. */
async function assigned(): Promise<{ unit: Uint8Array; who: Who }> {
  const { unit } = await network.submitJob();
  const { worker } = await unitReaches(network, unit, () => true);
  return { unit, who: whoIs(worker) };
}

/** Trains and gets checked to the end. */
async function work({ unit, who }: { unit: Uint8Array; who: Who }) {
  const miner = startMiner(network, unit, HONEST, [], who);
  try {
    return await unitReaches(network, unit, over);
  } finally {
    await miner.stop();
  }
}

describe("a worker that copies another one's seal", () => {
  it("cannot open it, is paid nothing, loses its bond and harms nobody", async () => {
    const began = performance.now();
    const start = moneyOf(network);
    const honest = await assigned();
    const lazy = await assigned();
    expect(new Set([honest.who, lazy.who])).toEqual(new Set(["worker", "second"]));

    // Held back after its seal, so that the copy is there before the reveal.
    let copied = "nothing was copied";
    const refusals: string[] = [];
    const copyFirst = {
      async instead(payload: { kind: string }) {
        if (payload.kind === "unit-reveal" && copied !== "") {
          copied = await copySeal(network, lazy.who, lazy.unit, honest.unit);
        }
        return payload as never;
      },
    };
    const miner = startMiner(network, honest.unit, { records: copyFirst }, [], honest.who);
    const paid = await unitReaches(network, honest.unit, over);
    await miner.stop();
    expect(copied).toBe("");
    expect(paid).toMatchObject({ phase: "paid", code: "" });
    expect(network.node.unit(lazy.unit)?.phase).toBe("sealed");
    expect(network.node.unit(lazy.unit)?.seal).toEqual(paid.seal);

    const before = moneyOf(network);
    refusals.push(await copyReveal(network, lazy.who, lazy.unit, honest.unit));
    network.clock.jump(job.spec.verdictWindowMs + 1);
    const end = await unitReaches(network, lazy.unit, over);
    expect(refusals).toEqual([SCENARIO.code]);
    expect(end).toMatchObject({ phase: "void", code: SCENARIO.unitCode });

    const after = moneyOf(network);
    // The verifier's bond was held for the lazy unit too, and is free again.
    const verifierFree = { ...before, held: { ...before.held, verifier: 0n } };
    const withoutOwn = { ...verifierFree.held, [lazy.who]: 0n };
    expectNothingPaid({ ...verifierFree, held: withoutOwn }, after, end.bondBase, [lazy.who]);
    expect(after.minted - start.minted).toBe(paid.priceBase);

    // All of the copier's bond is held, so whatever comes goes to the honest one.
    const next = await assigned();
    expect(next.who).toBe(honest.who);
    expect((await work(next)).phase).toBe("paid");
    expectPaidOnce(after, moneyOf(network), paid.priceBase);
    writeRow(table, SCENARIO, `void, ${end.code}`, performance.now() - began);
  });
});
