/** What a stop costs: SIGTERM in the middle of training, as systemd and Kubernetes send it. */

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import type { UnitProgress } from "../../../src-main/contract/control-api/index.ts";
import { STOP_WITHIN_MS } from "../../../src-main/processes/daemon/stopping.ts";
import { TIMEOUT_STOP_SECONDS } from "../../../src-main/processes/service/systemd-unit.ts";
import { ended, isAlive, TestHome } from "./run-vivian.ts";

const home = new TestHome("[mining]\nthreads = 1\n");
afterAll(() => home.remove());

const PATIENCE = { timeout: 60_000, interval: 100 };

async function unitNow(): Promise<UnitProgress | null> {
  const client = await home.connect();
  if (client === null) return null;
  const status = await client.call("status", {});
  client.close();
  return status.ok ? status.value.mine.unit : null;
}

/** Checkpoints of the unit in hand, by their numbers. */
function checkpoints(): string[] {
  const units = readdirSync(home.folder.units);
  return units.flatMap((unit) =>
    readdirSync(join(home.folder.units, unit)).filter((name) => /^segment-\d+/.test(name)),
  );
}

describe("SIGTERM while a unit trains", () => {
  it("ends daemon and worker in time, with every step kept", async () => {
    const first = home.spawn(["up"]);
    const firstEnd = ended(first);
    await expect.poll(async () => (await home.connect()) !== null, PATIENCE).toBe(true);
    expect(await home.run(["job", "submit", "digits-cnn"])).toMatchObject({ code: 0 });
    await expect.poll(async () => (await unitNow())?.step ?? 0, PATIENCE).toBeGreaterThan(60);
    const before = await unitNow();
    const began = performance.now();
    first.kill("SIGTERM");
    expect(await firstEnd).toMatchObject({ code: 0 });
    const tookMs = Math.round(performance.now() - began);
    console.info(`SIGTERM during training: ended after ${tookMs} ms`);
    expect(tookMs).toBeLessThan(STOP_WITHIN_MS);
    expect(TIMEOUT_STOP_SECONDS * 1_000).toBeGreaterThan(tookMs);
    const kept = checkpoints();
    expect(kept.length).toBeGreaterThan(0);

    const second = home.spawn(["up"]);
    const secondEnd = ended(second);
    await expect.poll(async () => (await unitNow())?.unit ?? "", PATIENCE).toBe(before?.unit);
    await expect.poll(async () => (await unitNow())?.step ?? 0, PATIENCE).toBeGreaterThan(0);
    const after = await unitNow();
    // It goes on behind the last step, wherever in a segment that was.
    expect(after?.step ?? 0).toBeGreaterThanOrEqual(before?.step ?? 0);
    expect(checkpoints().length).toBeGreaterThanOrEqual(kept.length);
    second.kill("SIGTERM");
    expect(await secondEnd).toMatchObject({ code: 0 });
    expect(isAlive(second.pid ?? 0)).toBe(false);
  });
});
