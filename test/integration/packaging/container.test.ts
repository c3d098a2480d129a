/** The container's file. No engine is here to build it, so what can be held is held by reading. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, describe, expect, it } from "vitest";

import { TestHome } from "../processes/run-vivian.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** One instruction with its words, continued lines joined, remarks left out. */
interface Instruction {
  readonly name: string;
  readonly rest: string;
}

function instructionsOf(text: string): Instruction[] {
  const kept = text.split("\n").filter((line) => !line.trimStart().startsWith("#"));
  const lines = kept
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name = "", rest = ""] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

const KNOWN = ["ARG", "FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "STOPSIGNAL"];

/** What is wrong with a container's file. */
function faultsOf(text: string): string[] {
  const all = instructionsOf(text);
  const faults: string[] = [];
  const unknown = all.filter(({ name }) => ![...KNOWN, "ENTRYPOINT", "CMD"].includes(name));
  faults.push(...unknown.map(({ name, rest }) => `unknown instruction ${name} ${rest}`));
  const stages = all.flatMap(({ name }, index) => (name === "FROM" ? [index] : []));
  if (stages.length < 2) faults.push("compilers stay in the image");
  const last = all.slice(stages.at(-1));
  const of = (name: string) => last.filter((one) => one.name === name).map(({ rest }) => rest);
  const user = of("USER").at(-1) ?? "";
  if (!/^[1-9][0-9]{3,}:[1-9][0-9]{3,}$/.test(user)) faults.push("runs as root, or by a name");
  if (!/^\["\//.test(of("ENTRYPOINT").at(-1) ?? "")) faults.push("a shell stands before signals");
  if (of("STOPSIGNAL").at(-1) !== "SIGTERM") faults.push("another signal than SIGTERM");
  for (const rest of of("RUN")) {
    if (/\b(g\+\+|make|git|curl|wget)\b/.test(rest)) faults.push("tools stay in the image");
  }
  for (const { name, rest } of all) {
    if (name === "ARG" && /_IMAGE=/.test(rest) && !/:[a-z0-9.-]+$/.test(rest)) {
      faults.push(`an image without its version: ${rest}`);
    }
    if (name === "COPY" && !rest.includes("--from=")) {
      const words = rest.split(" ").filter((word) => !word.startsWith("--"));
      const [from] = words;
      if (!existsSync(join(ROOT, from))) faults.push(`nothing to copy: ${from}`);
    }
  }
  return faults;
}

const FILE = "packaging/container/Containerfile";
const folder = mkdtempSync(join(tmpdir(), "vivian-image-"));
const home = new TestHome();
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await home.remove();
});

describe("packaging/container/Containerfile", () => {
  it("has two stages and no rights, and each planted fault is found", () => {
    const text = read(FILE);
    expect(faultsOf(text)).toEqual([]);
    const faults: [string, string][] = [
      ["USER 10001:10001", "USER root"],
      ["USER 10001:10001", ""],
      ['ENTRYPOINT ["/opt/vivian/bin/vivian"]', "ENTRYPOINT vivian"],
      ["FROM ${BUILD_IMAGE} AS build", "# one stage"],
      ["RUN_IMAGE=debian:bookworm-slim", "RUN_IMAGE=debian"],
      ["packaging/container/vivian.toml", "packaging/container/none.toml"],
      ["STOPSIGNAL SIGTERM", "STOPSIGNL SIGTERM"],
    ];
    for (const [right, wrong] of faults) {
      expect(text).toContain(right);
      expect(faultsOf(text.replace(right, wrong)), wrong || right).not.toEqual([]);
    }
  });

  it("names the user that Kubernetes runs it as, and the settings that it brings", async () => {
    const workload = read("packaging/kubernetes/base/workload.yaml");
    expect(workload).toContain("runAsUser: 10001");
    const settings = join(ROOT, "packaging/container/vivian.toml");
    expect(await home.run(["config", "check", settings])).toMatchObject({ code: 0 });
  });

  it("lays out what the image runs, and that runs", () => {
    const script = join(ROOT, "packaging/container/lay-out-image.mjs");
    expect(read(FILE)).toContain("node packaging/container/lay-out-image.mjs /out");
    const laid = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
    expect(laid, laid.stderr).toMatchObject({ status: 0 });
    const command = join(folder, "vivian", "bin", "vivian");
    const ran = spawnSync(command, ["config", "get", "mining.start"], {
      encoding: "utf8",
      env: home.environment,
    });
    expect(ran, ran.stderr).toMatchObject({ status: 0, stdout: "true\n" });
  });
});
