/** The address for monitoring: numbers for whoever carries the token, nothing else for anyone. */

import { request } from "node:http";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";

import { afterEach, describe, expect, it } from "vitest";

import { startMetricsServer } from "../../../src-main/api/index.ts";
import type { MetricsServer, StatusFeed } from "../../../src-main/api/index.ts";
import { METRICS_CONNECTIONS_MAX } from "../../../src-main/api/limits.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { fakeNeeds } from "./fake-handlers.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

const servers: MetricsServer[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.close();
});

interface Wish {
  readonly token?: string | null;
  readonly feed?: StatusFeed;
  readonly host?: string;
  readonly faults?: string[];
  readonly fails?: boolean;
}

async function listening(wish: Wish = {}): Promise<MetricsServer> {
  const { token = TOKEN, host = "127.0.0.1" } = wish;
  const started = await startMetricsServer({
    host,
    port: 0,
    token,
    feed: wish.feed ?? fakeNeeds().needs.feed,
    metrics: () => {
      if (wish.fails === true) return Promise.reject(new Error("a sensor broke"));
      return Promise.resolve({ miner_state: [{ labels: { state: "idle" }, value: 1 }] });
    },
    onFault: (path) => wish.faults?.push(path),
  });
  if (!started.ok) throw new Error(started.rejection.code);
  servers.push(started.value);
  return started.value;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(
  { port }: MetricsServer,
  path: string,
  headers: OutgoingHttpHeaders = {},
  { method = "GET", body = "" } = {},
): Promise<Answer> {
  return new Promise((resolve, fail) => {
    const options = { host: "127.0.0.1", port, path, method, headers, agent: false };
    const asked = request(options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("GET /metrics", () => {
  it("is answered to whoever carries the token, by whatever name it is called", async () => {
    const server = await listening({ host: "0.0.0.0" });
    const answer = await ask(server, "/metrics", { ...bearer(TOKEN), host: "rack-7.example" });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toContain("text/plain; version=0.0.4");
    expect(answer.text).toContain('miner_state{state="idle"} 1');
  });

  it("is refused without the token, with another, and with what only looks like it", async () => {
    const server = await listening();
    const wrong = [{}, bearer(""), bearer(`${TOKEN}0`), bearer(TOKEN.slice(1)), bearer("x")];
    const more = [bearer(TOKEN.toUpperCase()), { authorization: TOKEN }];
    for (const headers of [...wrong, ...more, { authorization: `Basic ${TOKEN}` }]) {
      const answer = await ask(server, "/metrics", headers);
      expect(answer.status, JSON.stringify(headers)).toBe(401);
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
      expect(answer.text).toContain("API_METRICS_TOKEN");
      expect(answer.text).not.toContain("miner_state");
    }
    expect(await ask(server, `/metrics?token=${TOKEN}`)).toMatchObject({ status: 401 });
  });

  it("without a token answers this machine's own name alone", async () => {
    const server = await listening({ token: null });
    expect(await ask(server, "/metrics")).toMatchObject({ status: 200 });
    const foreign = await ask(server, "/metrics", { host: "evil.example" });
    expect(foreign.status).toBe(403);
    expect(foreign.text).toContain("API_HOST");
    const page = await ask(server, "/metrics", { origin: "http://evil.example" });
    expect(page.text).toContain("API_ORIGIN");
  });

  it("reports what broke and goes on", async () => {
    const faults: string[] = [];
    const server = await listening({ fails: true, faults });
    expect(await ask(server, "/metrics", bearer(TOKEN))).toMatchObject({ status: 500 });
    expect(faults).toEqual(["/metrics"]);
    expect(await ask(server, "/health")).toMatchObject({ status: 200 });
  });
});

describe("the address for metrics", () => {
  it("serves neither page nor calls, with or without the token", async () => {
    const server = await listening();
    const paths = ["/", "/index.html", "/rpc", "/session", "/ws", "/assets/", "/metrics/", "//"];
    for (const path of paths) {
      for (const method of ["GET", "POST"]) {
        const asked = { method, body: method === "POST" ? "{}" : "" };
        const answer = await ask(server, path, bearer(TOKEN), asked);
        expect(answer.status, `${method} ${path}`).toBe(404);
      }
    }
    const posted = await ask(server, "/metrics", bearer(TOKEN), { method: "POST", body: "x" });
    expect(posted).toMatchObject({ status: 405, headers: { allow: "GET" } });
    const upgrade = { connection: "Upgrade", upgrade: "websocket", ...bearer(TOKEN) };
    expect(await ask(server, "/ws", upgrade)).toMatchObject({ status: 404 });
  });

  it("says to anyone whether the daemon is well, and not a word more", async () => {
    const well = await listening();
    expect(await ask(well, "/health")).toMatchObject({ status: 200, text: "ok\n" });
    const { feed } = fakeNeeds().needs;
    const failed: StatusFeed = {
      ...feed,
      current: async () => {
        const status = await feed.current();
        return { ...status, mine: { ...status.mine, state: "failed" } };
      },
    };
    expect(await ask(await listening({ feed: failed }), "/health")).toMatchObject({
      status: 503,
      text: "no\n",
    });
    const fault = new Fault("PROCESSES_ENDING", "the daemon is ending");
    const ending = { ...feed, current: () => Promise.reject(fault) };
    const server = await listening({ feed: ending });
    expect(await ask(server, "/health")).toMatchObject({ status: 503 });
    expect(await ask(server, "/metrics", bearer(TOKEN))).toMatchObject({ status: 503 });
  });

  it("holds a bounded number of connections, and refuses a head that is too long", async () => {
    const server = await listening();
    const closed: boolean[] = [];
    for (let index = 0; index < METRICS_CONNECTIONS_MAX + 4; index += 1) {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => undefined).on("close", () => closed.push(true));
      sockets.push(socket);
    }
    await expect.poll(() => closed.length).toBe(4);
    for (const socket of sockets.splice(0)) socket.destroy();
    const long = { "x-long": "x".repeat(8_192) };
    await expect
      .poll(() =>
        ask(server, "/health", long).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(431);
    expect(await ask(server, "/health")).toMatchObject({ status: 200 });
  });

  it("is refused with a code where another program has it", async () => {
    const { port } = await listening();
    const second = await startMetricsServer({
      host: "127.0.0.1",
      port,
      token: TOKEN,
      feed: fakeNeeds().needs.feed,
      metrics: () => Promise.resolve({}),
      onFault: () => undefined,
    });
    expect(second).toMatchObject({
      rejection: { code: "API_METRICS_LISTEN", facts: { reason: "EADDRINUSE" } },
    });
  });
});
