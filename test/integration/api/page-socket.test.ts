import { connect } from "node:net";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  MESSAGE_BYTES_MAX,
  PENDING_CALLS_MAX,
  PING_INTERVAL_MS,
  SESSIONS_MAX,
  TOKEN_WITHIN_MS,
  WEBSOCKETS_MAX,
  WEBSOCKETS_WAITING_MAX,
} from "../../../src-main/api/limits.ts";
import { PageWorld } from "./page-world.ts";
import type { Listened } from "./page-world.ts";

let world: PageWorld;

beforeEach(async () => {
  world = await new PageWorld().start();
});

afterEach(() => world.stop());

const call = (id: number, method: string, params: unknown = {}) => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
const errorWith = (code: string) => ({ error: { data: { code } } });

describe("a WebSocket of the page", () => {
  it("says its token, is told its level, and calls", async () => {
    const socket = await world.webSocket().admitted(await world.token("view"));
    socket.say(call(7, "version"));
    expect(await socket.hears(2)).toMatchObject([
      { ok: true, level: "view" },
      { jsonrpc: "2.0", id: 7, result: { api: 1 } },
    ]);
  });

  it("hears changed fields after subscribing, and no more after it has left", async () => {
    const socket = await world.webSocket().admitted(await world.token("view"));
    socket.say(call(1, "subscribe", { topic: "status" }));
    await socket.hears(2);
    world.fake.change({ jobsOpen: 3 });
    const heard = await socket.hears(3);
    const changed = { jsonrpc: "2.0", method: "status.changed", params: { jobsOpen: 3 } };
    expect(heard[2]).toEqual(changed);
    expect(world.fake.listenerCount()).toBe(1);
    const ended = socket.ended;
    socket.socket.close();
    await ended;
    await expect.poll(() => world.fake.listenerCount()).toBe(0);
  });

  it("keeps to its level", async () => {
    const socket = await world.webSocket().admitted(await world.token("view"));
    socket.say(call(1, "mine.pause"));
    socket.say(call(2, "page.open"));
    expect((await socket.hears(3)).slice(1)).toMatchObject([
      errorWith("API_LEVEL"),
      errorWith("API_LEVEL"),
    ]);
  });

  it("ends with a code when its token is guessed or it says something else first", async () => {
    const token = await world.token();
    const wrong = [
      { token: "A".repeat(43) },
      { token: "" },
      { token, more: 1 },
      call(1, "status", { token }),
      [token],
      "not JSON",
    ];
    for (const first of wrong) {
      const socket = world.webSocket();
      await socket.opened;
      socket.say(first);
      expect(await socket.ended).toBe(4401);
      expect(socket.heard).toMatchObject([{ id: null, ...errorWith("API_SESSION") }]);
    }
  });

  it("ends when it has said nothing for 2 s, and not when it has", async () => {
    const good = await world.webSocket().admitted(await world.token());
    const silent = world.webSocket();
    await silent.opened;
    await waitingOn(world, silent);
    world.clock.pass(TOKEN_WITHIN_MS);
    expect(await silent.ended).toBe(4408);
    expect(silent.heard).toMatchObject([errorWith("API_TOKEN_LATE")]);
    good.say(call(1, "status"));
    await good.hears(2);
  });

  it("is refused from another page, another host and at another address", async () => {
    const { host, origin } = world;
    const { port } = world.server;
    const wrong: [Record<string, string>, string, number][] = [
      [{ origin: "http://evil.example" }, "/ws", 403],
      [{ origin: `http://localhost:${port}` }, "/ws", 403],
      [{ origin: "null" }, "/ws", 403],
      [{ origin, host: `evil.example:${port}` }, "/ws", 403],
      [{ origin, host }, "/rpc", 404],
      [{ origin, host }, "/ws?token=x", 404],
    ];
    for (const [headers, path, status] of wrong) {
      const socket = world.webSocket(headers, path);
      expect(await socket.ended, JSON.stringify(headers)).toBe(status);
      expect(socket.heard).toEqual([]);
    }
    // The control: the same with its own origin.
    expect(await world.webSocket().opened).toBe(true);
  });

  it("is refused without an Origin, which a browser always sends", async () => {
    const lines = [
      "GET /ws HTTP/1.1",
      `Host: ${world.host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}`,
    ];
    const text = await new Promise<string>((resolve, fail) => {
      const socket = connect(world.server.port, "127.0.0.1", () => {
        socket.write(`${lines.join("\r\n")}\r\n\r\n`);
      });
      socket.once("data", (chunk: Buffer) => {
        socket.destroy();
        resolve(chunk.toString());
      });
      socket.on("error", fail);
    });
    expect(text).toMatch(/^HTTP\/1.1 403/);
    expect(text).toContain("API_ORIGIN");
  });

  it("is cut by a message over the limit and by one that is not text", async () => {
    const token = await world.token();
    const large = await world.webSocket().admitted(token);
    large.say("x".repeat(MESSAGE_BYTES_MAX + 1));
    expect(await large.ended).toBe(1009);
    const unknown = world.webSocket();
    await unknown.opened;
    unknown.say("x".repeat(MESSAGE_BYTES_MAX + 1));
    expect(await unknown.ended).toBe(1009);
    const binary = await world.webSocket().admitted(token);
    binary.socket.send(Buffer.from([1, 2]));
    expect(await binary.ended).toBe(1003);
  });

  it("answers garbage with the socket's codes and goes on", async () => {
    const socket = await world.webSocket().admitted(await world.token());
    for (const message of ["{", [], call(1, "rm -rf"), call(2, "ledger.get", { slot: "1" })]) {
      socket.say(message);
    }
    socket.say(call(3, "status"));
    expect((await socket.hears(6)).slice(1)).toMatchObject([
      errorWith("API_PARSE"),
      errorWith("API_REQUEST"),
      errorWith("API_METHOD"),
      errorWith("API_PARAMS"),
      { id: 3, result: {} },
    ]);
  });
});

describe("limits of the page's WebSockets", () => {
  it("calls that wait are bounded", async () => {
    const never = new Promise<never>(() => undefined);
    const stuck = await new PageWorld({ devices: () => never }).start();
    const socket = await stuck.webSocket().admitted(await stuck.token());
    for (let id = 0; id <= PENDING_CALLS_MAX; id++) socket.say(call(id, "devices"));
    const heard = await socket.hears(2);
    expect(heard[1]).toMatchObject({ id: PENDING_CALLS_MAX, ...errorWith("API_PENDING") });
    await stuck.stop();
  });

  it("strangers cannot fill it: who has said no token has few places of their own", async () => {
    const admitted = await world.webSocket().admitted(await world.token());
    const silent = Array.from({ length: WEBSOCKETS_WAITING_MAX }, () => world.webSocket());
    for (const socket of silent) expect(await socket.opened).toBe(true);
    expect(await world.webSocket().ended).toBe(503);
    admitted.say(call(1, "status"));
    await admitted.hears(2);
    world.clock.pass(TOKEN_WITHIN_MS);
    for (const socket of silent) expect(await socket.ended).toBe(4408);
    expect(await world.webSocket().opened).toBe(true);
  });

  it("sessions' connections are bounded too", async () => {
    const token = await world.token();
    for (let count = 0; count < WEBSOCKETS_MAX; count++) await world.webSocket().admitted(token);
    const more = await world.webSocket().admitted(token);
    expect(more.heard).toMatchObject([errorWith("API_CONNECTIONS")]);
    expect(await more.ended).toBe(4401);
  });

  it("a session that gave way ends for its open connection", async () => {
    const socket = await world.webSocket().admitted(await world.token());
    for (let count = 0; count < SESSIONS_MAX; count++) await world.token();
    socket.say(call(1, "status"));
    expect((await socket.hears(2))[1]).toMatchObject(errorWith("API_SESSION"));
  });

  it("who answers pings stays, who does not is gone", async () => {
    const socket = await world.webSocket().admitted(await world.token());
    const pinged = new Promise((resolve) => socket.socket.once("ping", resolve));
    world.clock.pass(PING_INTERVAL_MS);
    await pinged;
    socket.say(call(1, "status"));
    await socket.hears(2);
    world.clock.pass(PING_INTERVAL_MS);
    socket.say(call(2, "status"));
    await socket.hears(3);
    // Reads nothing any more, so it answers nothing.
    socket.socket.pause();
    world.clock.pass(PING_INTERVAL_MS);
    world.clock.pass(PING_INTERVAL_MS);
    socket.socket.resume();
    expect(await socket.ended).toBe(1006);
  });

  it("the server's end is told as such", async () => {
    const socket = await world.webSocket().admitted(await world.token());
    await world.server.close();
    expect(await socket.ended).toBe(1001);
  });
});

/** Its timer runs once the server has taken it; the silent one cannot say when that is. */
async function waitingOn(at: PageWorld, socket: Listened): Promise<void> {
  expect(socket.heard).toEqual([]);
  await expect.poll(() => at.clock.waiting).toBeGreaterThanOrEqual(2);
}
