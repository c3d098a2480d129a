import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { openRpcDocument } from "../../../src-main/contract/control-api/index.ts";
import type { OpenedPage } from "../../../src-main/contract/control-api/index.ts";
import { ask, codeIn, Listened } from "../api/page-world.ts";
import { TestHome } from "./run-vivian.ts";

/** Only the superuser may act as somebody else. */
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

const homes: TestHome[] = [];

afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});

function madeHome(config = "[mining]\nstart = false\n"): TestHome {
  const home = new TestHome(config);
  homes.push(home);
  return home;
}

/** Opens the page as `vivian open` does, without a process of its own. */
async function open(home: TestHome): Promise<OpenedPage> {
  const client = await home.connect();
  const opened = await client?.call("page.open", { level: "operate" });
  client?.close();
  if (opened?.ok !== true) throw new Error("no daemon opened the page");
  return opened.value;
}

const portOf = ({ address }: OpenedPage) => Number(new URL(address).port);

/** Trades a page's code as the page does. */
async function session(opened: OpenedPage): Promise<string> {
  const origin = new URL(opened.address).origin;
  const headers = { host: new URL(origin).host, origin, "content-type": "application/json" };
  const body = JSON.stringify({ code: codeIn(opened.file) });
  const asked = { method: "POST", path: "/session", headers, body };
  const answer = await ask(portOf(opened), asked);
  expect(answer.status).toBe(200);
  return (JSON.parse(answer.text) as { token: string }).token;
}

function webSocket({ address }: OpenedPage): Listened {
  const { host, origin } = new URL(address);
  return new Listened(`ws://${host}/ws`, { origin });
}

describe("vivian open", () => {
  it("says without a daemon that none runs, and refuses a level there is not", async () => {
    const home = madeHome();
    expect(await home.run(["open", "--json"])).toMatchObject({ code: 3 });
    const wrong = await home.run(["open", "--level", "root"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("view, operate, spend");
  });

  it("leads into the real daemon, whose end ends the session", async () => {
    const port = await freePort();
    const home = madeHome(`[mining]\nstart = false\n[page]\nport = ${port}\n`);
    expect((await home.run(["up", "--detach"])).code).toBe(0);
    const ran = await home.run(["open", "--json", "--level", "operate"]);
    const opened = JSON.parse(ran.stdout) as OpenedPage;
    expect(opened).toMatchObject({ address: `http://127.0.0.1:${port}/`, level: "operate" });
    const status = await home.run(["status"]);
    expect(status.stdout).toContain(opened.address);
    const token = await session(opened);
    expect(existsSync(opened.file)).toBe(false);
    const socket = await webSocket(opened).admitted(token);
    socket.say({ jsonrpc: "2.0", id: 1, method: "status" });
    expect((await socket.hears(2))[1]).toMatchObject({ result: { page: opened.address } });

    const unused = await open(home);
    expect((await home.run(["stop"])).code).toBe(0);
    expect(await socket.ended).toBe(1001);
    expect(existsSync(unused.file)).toBe(false);
    expect((await home.run(["up", "--detach"])).code).toBe(0);
    const stale = await webSocket(opened).admitted(token);
    expect(await stale.ended).toBe(4401);
    expect(stale.heard).toMatchObject([{ error: { data: { code: "API_SESSION" } } }]);
  });

  it("has the port it had last, another where that is taken or the note is wrong", async () => {
    const home = madeHome();
    expect((await home.run(["up", "--detach"])).code).toBe(0);
    const port = portOf(await open(home));
    expect(statSync(home.folder.portNote).mode & 0o777).toBe(0o600);
    await restart(home, () => undefined);
    expect(portOf(await open(home))).toBe(port);
    const squatter = createServer();
    await restart(home, async () => {
      squatter.listen(port, "127.0.0.1");
      await once(squatter, "listening");
    });
    const other = portOf(await open(home));
    squatter.close();
    expect(other).not.toBe(port);
    for (const text of ["70000", "not a port"]) {
      await restart(home, () => writeFileSync(home.folder.portNote, text));
      expect(readFileSync(home.folder.portNote, "utf8").trim()).toBe(`${portOf(await open(home))}`);
    }
  });

  it("is refused when the port is taken, with what to do", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    const home = madeHome(`[page]\nport = ${port}\n`);
    const ran = await home.run(["up", "--detach"]);
    taken.close();
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("API_PORT_TAKEN");
    expect(ran.stderr).toContain("page.port");
    // Nothing is left behind: with the port free again the same folder starts.
    expect((await home.run(["up", "--detach"])).code).toBe(0);
  });
});

/** Stops the folder's daemon and starts it again. */
async function restart(home: TestHome, between: () => void | Promise<void>): Promise<void> {
  expect((await home.run(["stop"])).code).toBe(0);
  await between();
  expect((await home.run(["up", "--detach"])).code).toBe(0);
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a daemon in use", () => {
  const home = new TestHome("[mining]\nstart = false\n");

  beforeAll(async () => {
    expect((await home.run(["up", "--detach"])).code).toBe(0);
  });

  afterAll(() => home.remove());

  it("answers health, metrics and its own schema", async () => {
    const opened = await open(home);
    const headers = { host: new URL(opened.address).host };
    const health = await ask(portOf(opened), { path: "/health", headers });
    expect(JSON.parse(health.text)).toMatchObject({ ok: true, head: { commit: 0 } });
    const metrics = await ask(portOf(opened), { path: "/metrics", headers });
    expect(metrics.text).toContain('miner_state{state="paused"} 1');
    expect(metrics.text).toContain('miner_work_units_total{result="paid"} 0');
    const client = await home.connect();
    expect(await client?.call("rpc.discover", {})).toEqual({ ok: true, value: openRpcDocument() });
    client?.close();
  });

  it("keeps file and socket closed to everyone but the owner", async () => {
    const { file } = await open(home);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const folder = dirname(file);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(socketIn(folder)).mode & 0o777).toBe(0o600);
  });

  it.runIf(isRoot)("is out of another user's reach, even past an open folder", async () => {
    const { file, address } = await open(home);
    const folder = dirname(file);
    const script = tries(file, socketIn(folder));
    // The control: the owner, who tries the same, reads and connects.
    expect(runScript(script, {})).toEqual(["read", "connected"]);
    // The folders' own modes are taken away, so that the files' modes alone must hold.
    chmodSync(home.root, 0o755);
    chmodSync(folder, 0o755);
    try {
      expect(runScript(script, { uid: NOBODY, gid: NOBODY })).toEqual(["EACCES", "EACCES"]);
    } finally {
      chmodSync(folder, 0o700);
    }
    // The page's port is open to every user, and so says nothing without a session.
    const { host, origin } = new URL(address);
    const asked = { method: "POST", path: "/rpc", headers: { host, origin }, body: "{}" };
    expect((await ask(Number(new URL(address).port), asked)).status).toBe(401);
  });
});

function socketIn(folder: string): string {
  const name = readdirSync(folder).find((one) => one.endsWith(".sock"));
  if (name === undefined) throw new Error("there is no socket");
  return join(folder, name);
}

/** A script that tries to read a file and to connect to a socket, and prints how each ends. */
function tries(file: string, socket: string): string {
  return `
    const { readFileSync } = require("node:fs");
    const { connect } = require("node:net");
    try { readFileSync(${JSON.stringify(file)}); console.log("read"); }
    catch (error) { console.log(error.code); }
    connect(${JSON.stringify(socket)})
      .on("connect", function () { console.log("connected"); this.destroy(); })
      .on("error", (error) => console.log(error.code));
  `;
}

/** Lines that a script prints; the system's own node may run it, whoever it runs as. */
function runScript(script: string, user: { uid?: number; gid?: number }): string[] {
  const ran = spawnSync("node", ["-e", script], { ...user, cwd: "/", encoding: "utf8" });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout.trim().split("\n");
}
