import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import type { UnitStatus } from "../../../src-main/miner/index.ts";
import { openWorld } from "./practice-world.ts";
import type { World } from "./practice-world.ts";
import { makeSmallJob } from "./small-job.ts";
import type { SmallJob } from "./small-job.ts";

let job: SmallJob;
let world: World;
afterEach(async () => {
  await world.close();
  job.remove();
});

/** Runs a unit until it is as asked, ends the miner, and answers the unit's folder. */
async function leaveAt(asked: (unit: UnitStatus) => boolean): Promise<string> {
  job = makeSmallJob(48, 12, { fullReplayPermille: 0 });
  world = await openWorld(job);
  world.miner.start();
  await world.submit();
  const { unit } = await world.until(asked);
  await world.close();
  return join(job.folder, "units", unit);
}

async function goOn(): Promise<void> {
  world = await openWorld(job);
  world.miner.start();
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
}

/** The unit ended with the code, nothing was paid for it and the miner shows why. */
async function expectGivenUp(code: string, path: string): Promise<void> {
  const unit = await world.until((_, { state }) => state === "failed");
  expect(unit).toMatchObject({ code, facts: { path }, payments: [] });
  expect(world.miner.status()).toMatchObject({ state: "failed", code, facts: { path } });
  expect(world.node.unit(hexToBytes(unit.unit))?.phase).not.toBe("paid");
  expect(world.log.some((line) => line.includes(code))).toBe(true);
}

describe("a damaged file of a unit", () => {
  it("ends the unit with a code where it holds the salt of a seal", async () => {
    const path = join(await leaveAt(({ phase }) => phase === "sealed"), "work.bin");
    flip(path);
    await goOn();
    await expectGivenUp("MINER_WORK_DAMAGED", path);
  });

  it("ends the unit with a code where it holds the salt of a verdict", async () => {
    const left = await leaveAt(({ slots }) => slots.verdictCommit !== null);
    const path = join(left, "verdict.bin");
    flip(path);
    await goOn();
    await expectGivenUp("MINER_VERDICT_DAMAGED", path);
  });

  it("is made again where nothing was sealed yet, and the unit is paid", async () => {
    const left = await leaveAt(({ segmentsDone }) => segmentsDone > 1);
    writeFileSync(join(left, "work.bin"), new Uint8Array(100).fill(7));
    await goOn();
    const unit = await world.until(({ phase }) => phase === "paid");
    expect(unit.code).toBeNull();
    expect(world.log.some((line) => line.includes("MINER_WORK_DAMAGED"))).toBe(true);
  });
});
