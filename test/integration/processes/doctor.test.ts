import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../../src-main/adapters/disk/index.ts";
import type { MachineBench } from "../../../src-main/processes/cli/bench-devices.ts";
import type { Finding } from "../../../src-main/processes/doctor/finding.ts";
import { TestHome } from "./run-vivian.ts";

interface Examined {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

const homes: TestHome[] = [];
function newHome(config = ""): TestHome {
  const home = new TestHome(config);
  homes.push(home);
  return home;
}
afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});

async function examine(home: TestHome) {
  const ran = await home.run(["doctor", "--json"]);
  const document = JSON.parse(ran.stdout) as Examined;
  const of = (check: string) => document.findings.find((finding) => finding.check === check);
  return { ...ran, document, of };
}

describe("vivian doctor", () => {
  it("finds nothing at fault in a new folder, changes nothing and ends with 0", async () => {
    const home = newHome();
    const ran = await home.run(["doctor"]);
    expect(ran.stdout).toMatch(/All is well\.|Nothing is at fault\./);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    expect((await examine(home)).of("data folder")?.text).toContain("first start");
  });

  it("names open keys and wrong settings together, in one document, and ends with 1", async () => {
    const home = newHome("netwerk = 1\n");
    mkdirSync(home.folder.keys, { recursive: true, mode: 0o700 });
    const key = join(home.folder.keys, "owner.key");
    writeFileSync(key, "x");
    chmodSync(key, 0o644);
    const { code, stderr, document, of } = await examine(home);
    expect([code, document.ok]).toEqual([1, false]);
    expect(of("settings")?.text).toContain("PROCESSES_CONFIG_KEY");
    if (process.platform !== "win32") expect(of("keys")?.next).toBe(`chmod 600 "${key}"`);
    expect(stderr).toContain("PROCESSES_DOCTOR");
  });

  it("says that a silent process holds the ledger, and does not disturb it", async () => {
    const home = newHome();
    mkdirSync(home.folder.ledger, { recursive: true, mode: 0o700 });
    const lock = lockFolder(join(home.folder.network, "lock"));
    const { of } = await examine(home);
    lock.release();
    expect(of("daemon")).toMatchObject({ verdict: "attention" });
  });
});

describe("vivian bench", () => {
  it("measures what is asked for, exact, in one document", async () => {
    const ran = await newHome().run(["bench", "--json", "--engine", "wasm", "reference"]);
    expect(ran.code).toBe(0);
    const { devices, float, absent } = JSON.parse(ran.stdout) as MachineBench;
    expect([float, absent]).toEqual([[], []]);
    expect(devices.map(({ engine, wrongOps }) => [engine, wrongOps])).toEqual([
      ["wasm", []],
      ["reference", []],
    ]);
    const [wasm, reference] = devices.map(({ rates }) => rates?.steps.map(({ step }) => step));
    expect(wasm).toEqual(["cnn", "mlp", "transformer"]);
    expect(reference).toEqual(["mlp"]);
  });

  it("tells a float engine apart, and one that is absent with the reason", async () => {
    const ran = await newHome().run(["bench", "--engine", "tfjs-node-gpu"]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/No tfjs-node-gpu: .* is not installed \(FLOAT_ENGINE_ABSENT\)/);
    expect(ran.stdout).toMatch(/Energy: /);
  });

  it("refuses a name that is no engine", async () => {
    expect((await newHome().run(["bench", "--engine", "cuda9"])).code).toBe(2);
  });
});
