import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

import type {
  MineStatus,
  RulesState,
  Status,
  TelemetryNow,
} from "../../../src-main/contract/control-api/index.ts";
import { TestHome } from "./run-vivian.ts";

const homes: TestHome[] = [];

afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});

const newHome = (config: string) => {
  const home = new TestHome(`[mining]\nengine = "reference"\n\n${config}`);
  homes.push(home);
  return home;
};

const NEVER = '[[rules]]\nname = "never"\nthen = "pause"\n';

async function json<T>(home: TestHome, ...words: string[]): Promise<T> {
  const ran = await home.run([...words, "--json"]);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return JSON.parse(ran.stdout) as T;
}

describe("rules in a daemon", () => {
  it("hold work with a sentence, and give way to the owner's start", async () => {
    const home = newHome(NEVER);
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const mine = async () => (await json<Status>(home, "status")).mine;
    await expect
      .poll(async () => (await mine()).code, { timeout: 10_000 })
      .toBe("ENERGY_RULE_PAUSED");
    const held = await mine();
    expect(held).toMatchObject({
      state: "paused",
      facts: { rule: "never" },
      reason: "Paused by rule 'never': it has no conditions",
    });
    expect((await home.run(["status"])).stdout).toMatch(/^Paused by rule 'never': /);
    const started = await json<MineStatus>(home, "mine", "start");
    expect(started).toMatchObject({ state: "idle", code: null });
    const { state } = await json<{ state: RulesState }>(home, "rules", "list");
    expect(state).toMatchObject({ overridden: true, work: "run", wanted: true });
    expect(await json<MineStatus>(home, "mine", "pause")).toMatchObject({
      state: "paused",
      code: null,
    });
    const preview = await home.run(["rules", "preview"]);
    expect(preview.stdout).toBe("never: then pause; now asks for pause, which decides\n");
  });

  it("are put in place by a file, which is checked before anything is changed", async () => {
    const home = newHome(NEVER);
    const file = join(home.root, "rules.toml");
    writeFileSync(file, '[[rules]]\nname = "day"\nthen = "pause"\nhours = "06:00-22:00"\n');
    const set = await json<{ rules: string[] }>(home, "rules", "set-file", file);
    expect(set.rules).toEqual(["day"]);
    writeFileSync(file, '[[rules]]\nname = "day"\nthen = "pause"\nhour = "06:00-22:00"\n');
    const refused = await home.run(["rules", "set-file", file]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("nearest hours");
    expect((await home.run(["config", "check"])).code).toBe(0);
    expect((await home.run(["rules", "keys"])).stdout).toContain("cheapest_hours");
    expect((await home.run(["rules", "set-file", "/no/such/file"])).stderr).toContain(
      "PROCESSES_INPUT_FILE",
    );
  });

  it("watch the devices, each second, and show them", async () => {
    const home = newHome("");
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const client = await home.connect();
    if (client === null) throw new Error("no daemon answers");
    try {
      const now = async () => {
        const answered = await client.call("telemetry.now", {});
        return answered.ok ? answered.value : null;
      };
      const cpu = (all: TelemetryNow | null) => all?.devices.find(({ id }) => id === "cpu")?.sample;
      await expect
        .poll(async () => cpu(await now())?.utilisation ?? null, { timeout: 10_000 })
        .not.toBeNull();
      const first = cpu(await now())?.atMs ?? 0;
      await expect
        .poll(async () => cpu(await now())?.atMs ?? 0, { timeout: 5_000 })
        .toBeGreaterThan(first);
    } finally {
      client.close();
    }
    const watch = home.spawn(["devices", "--watch"]);
    let shown = "";
    watch.stdout?.on("data", (text: Buffer) => (shown += text.toString()));
    await expect.poll(() => shown, { timeout: 10_000 }).toMatch(/device +busy[\s\S]*\ncpu /u);
    watch.kill("SIGINT");
  });
});
