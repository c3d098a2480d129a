/** Caps of watts in a real daemon with a real job, behind a plug that measures its worker. */

import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";

import type { ControlClient } from "../../../src-main/api/index.ts";
import type {
  CapInForce,
  LimitsState,
  Status,
} from "../../../src-main/contract/control-api/index.ts";
import { startShellyDevice } from "../../worlds/meters/shelly-device.ts";
import { WorkerWatts } from "../../worlds/meters/worker-watts.ts";
import { TestHome } from "./run-vivian.ts";

const REST_WATTS = 40;
/** A processor that is busy all the time; a shared machine gives a worker less at times. */
const BUSY_WATTS = 100;
const CAP_WATTS = 55;

/** Of a plug that is read each 5 s: seven periods, and a busy machine's own delays. */
const WINDOW_MS = 150_000;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function openHome(config: string): Promise<TestHome> {
  const home = new TestHome(`[mining]\nengine = "reference"\n\n${config}`);
  ends.push(() => home.remove());
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  return home;
}

async function connect(home: TestHome): Promise<ControlClient> {
  const client = await home.connect();
  if (client === null) throw new Error("no daemon answers");
  ends.push(() => Promise.resolve(client.close()));
  return client;
}

async function capOf(client: ControlClient): Promise<CapInForce | null> {
  const state = await client.call("limits.state", {});
  if (!state.ok) throw new Error(state.rejection.code);
  return state.value.devices.find(({ device }) => device === "cpu")?.cap ?? null;
}

async function mineOf(client: ControlClient): Promise<Status["mine"]> {
  const status = await client.call("status", {});
  if (!status.ok) throw new Error(status.rejection.code);
  return status.value.mine;
}

const stepOf = async (client: ControlClient) => (await mineOf(client)).unit?.step ?? 0;

describe.skipIf(!existsSync("/proc/self/stat"))("a cap of watts", () => {
  it("is kept with a real job by what a plug measures, and all say so", async () => {
    const watts = new WorkerWatts(REST_WATTS, BUSY_WATTS);
    const plug = await startShellyDevice({ profile: watts });
    ends.push(() => plug.close());
    const meter = `[[meters]]\nid = "plug"\nkind = "shelly"\nurl = "${plug.url}"\n`;
    const rule = `[[rules]]\nname = "quiet"\nthen = "cap"\ncap_watts = ${CAP_WATTS}\n`;
    const home = await openHome(`${meter}\n${rule}`);
    watts.daemon = await home.daemonPid();
    const client = await connect(home);
    expect(await home.run(["job", "submit", "digits-cnn"])).toMatchObject({ code: 0 });
    await expect.poll(() => stepOf(client), { timeout: 60_000 }).toBeGreaterThan(0);
    const isKept = async () => {
      const cap = await capOf(client);
      const mean = cap?.meanWatts ?? null;
      return cap?.how === "paced" && mean !== null && mean <= CAP_WATTS && mean > 0.8 * CAP_WATTS;
    };
    await expect.poll(isKept, { timeout: WINDOW_MS, interval: 500 }).toBe(true);

    // By the plug's own register over some readings of it; work goes on meanwhile.
    const [fromMs, from, step] = [Date.now(), watts.millijoules(), await stepOf(client)];
    const asked = plug.requests.length;
    await expect.poll(() => plug.requests.length, { timeout: 60_000 }).toBeGreaterThan(asked + 4);
    const mean = (watts.millijoules() - from) / (Date.now() - fromMs);
    expect(mean).toBeLessThanOrEqual(CAP_WATTS * 1.03);
    expect(mean).toBeGreaterThan(REST_WATTS);
    expect(await stepOf(client)).toBeGreaterThan(step);

    const cap = await capOf(client);
    expect(cap).toMatchObject({ rule: "quiet", watts: CAP_WATTS, source: "plug" });
    const said = /^Capped at 55 W by rule 'quiet' \(by duty cycle: \d+ % of the time, the whole /;
    expect(cap?.sentence).toMatch(said);
    expect((await mineOf(client)).cap).toMatch(said);
    for (const words of [["energy", "now"], ["rules"], ["status"]]) {
      expect((await home.run(words)).stdout, words.join(" ")).toContain("Capped at 55 W by rule");
    }
  }, 300_000);

  it("holds work where nothing may be left over, and lets it go on with the limit", async () => {
    const watts = new WorkerWatts(REST_WATTS, BUSY_WATTS);
    const plug = await startShellyDevice({ profile: watts });
    ends.push(() => plug.close());
    const home = await openHome(`[[meters]]\nid = "plug"\nkind = "shelly"\nurl = "${plug.url}"\n`);
    watts.daemon = await home.daemonPid();
    const client = await connect(home);
    expect(await home.run(["job", "submit", "digits-cnn"])).toMatchObject({ code: 0 });
    await expect.poll(() => stepOf(client), { timeout: 60_000 }).toBeGreaterThan(0);
    // Less than the machine takes at rest.
    const set = await client.call("limits.set", { device: "cpu", watts: 30 });
    expect(set).toMatchObject({ ok: true });
    const code = async () => (await mineOf(client)).code;
    await expect.poll(code, { timeout: WINDOW_MS, interval: 500 }).toBe("ENERGY_CAP_LOW");
    const held = await mineOf(client);
    expect(held.reason).toMatch(/^Waiting: the machine took \d+ W with the least work, so the cap/);
    const step = await stepOf(client);
    expect(await client.call("limits.set", { device: "cpu", watts: null })).toMatchObject({
      ok: true,
    });
    await expect.poll(() => stepOf(client), { timeout: 60_000 }).toBeGreaterThan(step);
    expect(await code()).toBeNull();
  }, 300_000);
});

describe("limits of a device", () => {
  it("are set by a command, in force at once, and hold after a restart", async () => {
    const home = await openHome("");
    const set = await home.run(["config", "set", "limits.cpu.on", "false"]);
    expect(set).toMatchObject({ code: 0 });
    expect(set.stdout).toContain("limits.cpu.on = false in ");
    expect(set.stdout).toContain("It is in force.");
    const status = await home.run(["status"]);
    expect(status.stdout).toMatch(/^Waiting: the processor, which trains, is switched off\./);
    await home.run(["config", "set", "limits.cpu.pause_celsius", "70"]);
    const refused = await home.run(["config", "set", "limits.cpu.pause_celsius", "84"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("a whole number from 30 to 83");
    const foreign = await home.run(["config", "set", "limits.gpu-7.watts", "84"]);
    expect(foreign.stderr).toContain("TELEMETRY_DEVICE");
    expect((await home.run(["config", "get", "limits.cpu.pause_celsius"])).stdout).toBe("70\n");

    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
    // Without a daemon the file alone is changed.
    const later = await home.run(["config", "set", "limits.cpu.watts", "65"]);
    expect(later.stdout).toContain("The daemon takes it at its next start.");
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const client = await connect(home);
    const state = await client.call("limits.state", {});
    const cpu = (answer: { readonly ok: boolean; readonly value?: LimitsState }) =>
      answer.value?.devices.find(({ device }) => device === "cpu");
    expect(cpu(state)).toMatchObject({
      on: false,
      trains: true,
      celsius: { own: 70, pause: 70, resume: 62, stop: 90 },
      watts: { own: 65 },
    });
    await home.run(["config", "set", "limits.cpu.on", "standard"]);
    expect(cpu(await client.call("limits.state", {}))).toMatchObject({ on: true });
    const set2 = await client.call("limits.set", { device: "cpu", pauseCelsius: 84 });
    expect(set2).toMatchObject({ ok: false, rejection: { code: "PROCESSES_CONFIG_VALUE" } });
  });
});
