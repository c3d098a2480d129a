/** The numbers of a running daemon on an address of their own, judged by Prometheus' own tool. */

import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { METRICS } from "../../../src-main/api/index.ts";
import type { Status } from "../../../src-main/contract/control-api/index.ts";
import { TestHome } from "./run-vivian.ts";

const TOKEN = "f".repeat(64);

const home = new TestHome();
const tokenFile = join(home.root, "token");
let address = "";

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function settings(host: string): Promise<string> {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  const lines = [`[mining]`, `start = true`, `[page]`, `metrics_listen = "${host}:${port}"`];
  return `${[...lines, `metrics_token_file = "${tokenFile}"`].join("\n")}\n`;
}

async function scrape(from: string, token = TOKEN): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${from}/metrics`, { headers });
  return { status: answer.status, text: await answer.text() };
}

/** Why the tool cannot be asked here; empty where it can. */
const noTool = spawnSync("promtool", ["--version"]).error === undefined ? "" : "no promtool";
if (noTool !== "") console.warn(`skipped: ${noTool} (Debian package prometheus)`);

function promtool(text: string): { readonly status: number | null; readonly said: string } {
  const ran = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  return { status: ran.status, said: `${ran.stdout}${ran.stderr}` };
}

beforeAll(async () => {
  writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
  writeFileSync(home.folder.config, await settings("0.0.0.0"));
  const up = await home.run(["up", "--detach"]);
  expect(up, up.stderr).toMatchObject({ code: 0 });
  const ran = await home.run(["job", "submit", "digits-tiny", "--watch"]);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
});
afterAll(() => home.remove());

describe("page.metrics_listen", () => {
  it("offers the numbers of real work to whoever carries the token", async () => {
    const { status, text } = await scrape(address);
    expect(status).toBe(200);
    expect(text).toMatch(/^miner_work_units_total\{result="paid"\} 1$/m);
    expect(text).toMatch(/^miner_reward_units_total\{state="paid"\} [0-9.]+$/m);
    expect(text).toMatch(/^miner_work_held\{reason="rule"\} 0$/m);
    expect(text).toMatch(
      /^miner_device_temperature_limit_celsius\{device="cpu",what="pause"\} 83$/m,
    );
    expect(text).toMatch(/^miner_ledger_nakamoto_accounts\{of="work-by-worker"\} 1$/m);
    expect(text).not.toMatch(/0x[0-9a-fA-F]{40}/);
    expect(await scrape(address, "wrong-token-wrong-token")).toMatchObject({ status: 401 });
    expect((await fetch(`${address}/health`)).status).toBe(200);
    expect((await fetch(`${address}/`)).status).toBe(404);
  });

  it("offers the same names as the page's own address", async () => {
    const { stdout } = await home.run(["status", "--json"]);
    const { page } = JSON.parse(stdout) as Status;
    const own = await scrape((page ?? "").replace(/\/$/, ""));
    const there = await scrape(address);
    const names = (text: string) => text.match(/^# TYPE \S+/gm);
    expect(names(own.text)).toEqual(names(there.text));
    expect(names(there.text)).toEqual(Object.keys(METRICS).map((name) => `# TYPE ${name}`));
  });

  it.skipIf(noTool !== "")(
    "passes promtool check metrics, which catches a wrong name",
    async () => {
      const { text } = await scrape(address);
      expect(promtool(text)).toEqual({ status: 0, said: "" });
      const faults: [string, string][] = [
        ["miner_work_units_total", "miner_work_units"],
        ["miner_last_success_timestamp_seconds", "miner_last_success_timestamp_milliseconds"],
        ["# HELP miner_state", "# x miner_state"],
        ["miner_state{", "miner state{"],
      ];
      for (const [right, wrong] of faults) {
        expect(promtool(text.replaceAll(right, wrong)).status, wrong).not.toBe(0);
      }
    },
  );

  it("refuses to start with a token's file that others read or that holds none", async () => {
    await home.run(["stop"]);
    chmodSync(tokenFile, 0o644);
    const open = await home.run(["up", "--detach"]);
    expect(open.stderr).toContain("WALLET_GIVEN_OPEN");
    chmodSync(tokenFile, 0o600);
    writeFileSync(tokenFile, "short\n");
    expect((await home.run(["up", "--detach"])).stderr).toContain("WALLET_GIVEN_TOKEN");
    expect(await home.run(["status"])).toMatchObject({ code: 3 });
  });
});
