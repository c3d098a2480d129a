import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { connectControl, startControlServer } from "../../../src-main/api/index.ts";
import type { ConnectionNeeds, ControlServer } from "../../../src-main/api/index.ts";
import {
  CONNECTIONS_MAX,
  MESSAGE_BYTES_MAX,
  PENDING_CALLS_MAX,
} from "../../../src-main/api/limits.ts";
import { Fault, accept } from "../../../src-main/contract/outcome.ts";
import { fakeNeeds } from "./fake-handlers.ts";

let folder: string;
let path: string;
const servers: ControlServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-api-"));
  path = join(folder, "control.sock");
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(needs: ConnectionNeeds): Promise<ControlServer> {
  const started = await startControlServer(path, needs);
  if (!started.ok) throw new Error(started.rejection.code);
  servers.push(started.value);
  return started.value;
}

async function client() {
  const connected = await connectControl(path);
  if (!connected.ok) throw new Error(connected.rejection.code);
  return connected.value;
}

/** Sends raw bytes and collects what comes back until `lines` lines or the end. */
function exchange(bytes: string | Buffer, lines: number): Promise<unknown[]> {
  return new Promise((resolve, fail) => {
    const socket = connect(path, () => socket.write(bytes));
    let text = "";
    const done = () => {
      socket.destroy();
      const whole = text.split("\n").slice(0, -1);
      resolve(whole.map((line) => JSON.parse(line) as unknown));
    };
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (text.split("\n").length > lines) done();
    });
    socket.on("end", done);
    socket.on("error", fail);
  });
}

const errorWith = (code: string) => ({ error: { data: { code } } });

describe("the control socket", () => {
  it("answers a call and closes its file to others", async () => {
    await serve(fakeNeeds().needs);
    const control = await client();
    expect(await control.call("version", {})).toMatchObject({ ok: true, value: { api: 1 } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    control.close();
  });

  it("refuses an unknown method, wrong parameters and a wrong result with codes", async () => {
    const wrong = fakeNeeds({ status: () => Promise.resolve(accept({ pid: "x" } as never)) });
    await serve(wrong.needs);
    const request = (method: string, params: unknown) =>
      `${JSON.stringify({ jsonrpc: "2.0", id: 4, method, params })}\n`;
    expect(await exchange(request("rm -rf", {}), 1)).toMatchObject([errorWith("API_METHOD")]);
    expect(await exchange(request("__proto__", {}), 1)).toMatchObject([errorWith("API_METHOD")]);
    expect(await exchange(request("ledger.get", { slot: "1" }), 1)).toMatchObject([
      { id: 4, ...errorWith("API_PARAMS") },
    ]);
    expect(await exchange(request("status", {}), 1)).toMatchObject([errorWith("API_RESULT")]);
  });

  it("answers garbage with a code and stays usable on the same connection", async () => {
    await serve(fakeNeeds().needs);
    const good = `${JSON.stringify({ jsonrpc: "2.0", id: 9, method: "version" })}\n`;
    const answers = await exchange(`{{{\n\n[1,2]\n"x"\n\u0000\u00ff\n${good}`, 5);
    const codes = answers.map((answer) => (answer as { error?: { data: { code: string } } }).error);
    expect(codes.filter((error) => error?.data.code === "API_PARSE")).toHaveLength(2);
    expect(codes.filter((error) => error?.data.code === "API_REQUEST")).toHaveLength(2);
    expect(answers.some((answer) => (answer as { id: unknown }).id === 9)).toBe(true);
  });

  it("refuses a message over 1 MiB, ends that connection and serves the next", async () => {
    await serve(fakeNeeds().needs);
    const answers = await exchange(Buffer.alloc(MESSAGE_BYTES_MAX + 2, 0x20), 1);
    expect(answers).toMatchObject([{ id: null, ...errorWith("API_MESSAGE_SIZE") }]);
    const control = await client();
    expect((await control.call("version", {})).ok).toBe(true);
    control.close();
  });

  it("answers with a code instead of a message that is too long to send", async () => {
    const record = {
      slot: 1,
      kind: "transfer",
      id: null,
      account: null,
      nonce: null,
      fields: {},
      code: "" as const,
      feeBase: "0",
      effects: [],
      bytes: "00".repeat(MESSAGE_BYTES_MAX),
    };
    await serve(fakeNeeds({ "ledger.get": () => Promise.resolve(accept(record)) }).needs);
    const control = await client();
    expect(await control.call("ledger.get", { slot: 1 })).toMatchObject({
      ok: false,
      rejection: { code: "API_MESSAGE_SIZE" },
    });
    control.close();
  });

  it("turns a handler's fault into its code and reports it", async () => {
    const fake = fakeNeeds({
      "wallet.show": () => Promise.reject(new Fault("WALLET_KEY_IO", "no", { file: "worker" })),
      devices: () => Promise.reject(new TypeError("a bug")),
    });
    await serve(fake.needs);
    const control = await client();
    expect(await control.call("wallet.show", {})).toMatchObject({
      rejection: { code: "WALLET_KEY_IO", facts: { file: "worker" } },
    });
    expect(await control.call("devices", {})).toMatchObject({
      rejection: { code: "API_INTERNAL" },
    });
    expect(fake.faults).toEqual(["wallet.show", "devices"]);
    control.close();
  });

  it("limits the calls that wait on one connection", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const fake = fakeNeeds();
    const status = fake.needs.handlers.status;
    await serve({
      ...fake.needs,
      handlers: { ...fake.needs.handlers, status: (params) => held.then(() => status(params)) },
    });
    const control = await client();
    const calls = Array.from({ length: PENDING_CALLS_MAX }, () => control.call("status", {}));
    expect(await control.call("version", {})).toMatchObject({ rejection: { code: "API_PENDING" } });
    release();
    expect((await Promise.all(calls)).every((outcome) => outcome.ok)).toBe(true);
    control.close();
  });

  it("serves many connections and refuses the one too many with its code", async () => {
    await serve(fakeNeeds().needs);
    const clients = await Promise.all(Array.from({ length: CONNECTIONS_MAX }, client));
    const answers = await Promise.all(clients.map((control) => control.call("version", {})));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    const tooMany = await client();
    expect(await tooMany.call("version", {})).toMatchObject({
      rejection: { code: "API_CONNECTIONS" },
    });
    for (const control of clients) control.close();
  });
});

describe("a subscription", () => {
  it("sends only fields that changed, and ends with its connection", async () => {
    const fake = fakeNeeds();
    await serve(fake.needs);
    const control = await client();
    expect((await control.call("subscribe", { topic: "status" })).ok).toBe(true);
    const heard = new Promise((resolve) => control.onStatus(resolve));
    fake.change({ paidBase: "7" });
    fake.change({ jobsDone: 1, network: "practice" });
    expect(await heard).toEqual({ paidBase: "7", jobsDone: 1 });
    expect(fake.listenerCount()).toBe(1);
    control.close();
    await expect.poll(() => fake.listenerCount()).toBe(0);
  });
});

describe("the socket's file", () => {
  it("is not taken from a living daemon", async () => {
    await serve(fakeNeeds().needs);
    expect(await startControlServer(path, fakeNeeds().needs)).toMatchObject({
      ok: false,
      rejection: { code: "API_SOCKET_IN_USE" },
    });
  });

  it("is replaced when a killed process left it behind", async () => {
    const listen = `listen(${JSON.stringify(path)}, () => console.log())`;
    const script = `require("net").createServer().${listen}`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(path)).toBe(true);
    await serve(fakeNeeds().needs);
    const control = await client();
    expect((await control.call("version", {})).ok).toBe(true);
    control.close();
  });

  it("is refused with a code where the system does not allow it", async () => {
    writeFileSync(join(folder, "file"), "");
    const blocked = join(folder, "file", "control.sock");
    expect(await startControlServer(blocked, fakeNeeds().needs)).toMatchObject({
      rejection: { code: "API_SOCKET_FAILED" },
    });
  });

  it("goes when the daemon ends, and callers are told at once", async () => {
    const server = await serve(fakeNeeds({ status: () => new Promise(() => {}) }).needs);
    const control = await client();
    const waiting = control.call("status", {});
    await control.call("version", {});
    await server.close();
    expect(await waiting).toMatchObject({ rejection: { code: "API_CLOSED" } });
    expect(existsSync(path)).toBe(false);
    expect(await connectControl(path)).toMatchObject({ rejection: { code: "API_UNREACHABLE" } });
  });
});
