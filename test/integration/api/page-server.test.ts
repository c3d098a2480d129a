import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { systemEntropy } from "../../../src-main/adapters/host/index.ts";
import { PageDoor, startPageServer } from "../../../src-main/api/index.ts";
import {
  CODE_BODY_BYTES_MAX,
  CODE_LIFE_MS,
  CODES_MAX,
  HTTP_HEAD_BYTES_MAX,
  MESSAGE_BYTES_MAX,
  SESSIONS_MAX,
} from "../../../src-main/api/limits.ts";
import { removeOldRedirects } from "../../../src-main/api/page/redirect-file.ts";
import { PageFiles } from "../../../src-main/api/page/page-files.ts";
import { checkSession } from "../../../src-main/contract/control-api/index.ts";
import { PageWorld } from "./page-world.ts";
import type { Answer } from "./page-world.ts";

let world: PageWorld;

beforeEach(async () => {
  world = await new PageWorld().start();
});

afterEach(() => world.stop());

const codeOf = ({ text }: Answer) =>
  (JSON.parse(text) as { error?: { data: { code: string } } }).error?.data.code;

/** Status and code of a refusal. */
const refusal = (answer: Answer) => [answer.status, codeOf(answer)];

const call = (method: string, params: unknown = {}) => ({ jsonrpc: "2.0", id: 1, method, params });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("opening the page", () => {
  it("writes a file for the owner alone whose code gives a session once", async () => {
    const { file, address } = world.door.open("view");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(address).toBe(`${world.origin}/`);
    const code = world.code("view");
    const first = await world.post("/session", { code });
    expect(first.status).toBe(200);
    expect(checkSession(JSON.parse(first.text))).toMatchObject({ value: { level: "view" } });
    expect(refusal(await world.post("/session", { code }))).toEqual([401, "API_CODE"]);
  });

  it("removes the file when its code has been used", async () => {
    const code = world.code();
    const files = () => readdirSync(world.folder).filter((name) => name.endsWith(".html"));
    expect(files()).toHaveLength(1);
    await world.post("/session", { code });
    expect(files()).toEqual([]);
  });

  it("refuses a code after its minute and removes its file", async () => {
    const { file } = world.door.open("view");
    const code = world.code();
    world.clock.pass(CODE_LIFE_MS);
    expect(existsSync(file)).toBe(false);
    expect(refusal(await world.post("/session", { code }))).toEqual([401, "API_CODE"]);
  });

  it("refuses guessed codes and lets the newest of too many count", async () => {
    for (const code of ["", "A".repeat(43), "../../x", "__proto__"]) {
      expect(refusal(await world.post("/session", { code }))).toEqual([401, "API_CODE"]);
    }
    const codes = Array.from({ length: CODES_MAX + 1 }, () => world.code());
    expect((await world.post("/session", { code: codes[0] })).status).toBe(401);
    expect((await world.post("/session", { code: codes[1] })).status).toBe(200);
    expect((await world.post("/session", { code: codes.at(-1) })).status).toBe(200);
  });

  it("says which folder refuses the file", () => {
    const folder = join(world.folder, "file");
    writeFileSync(folder, "");
    const door = new PageDoor({ clock: world.clock, entropy: systemEntropy, folder });
    door.opensTo(world.server.address);
    expect(() => door.open("view")).toThrow(
      expect.objectContaining({ code: "API_OPEN_FILE", facts: { folder, reason: "ENOTDIR" } }),
    );
  });

  it("removes what a killed daemon left, and nothing else", () => {
    const old = join(world.folder, "vivian-open-0123456789abcdef.html");
    const other = join(world.folder, "notes.html");
    for (const file of [old, other]) {
      writeFileSync(file, "");
      utimesSync(file, 1, 1);
    }
    const { file } = world.door.open("view");
    removeOldRedirects(world.folder, Date.now());
    expect([existsSync(old), existsSync(other), existsSync(file)]).toEqual([false, true, true]);
  });
});

describe("what a session may do", () => {
  it("answers calls of its level and refuses the others with both levels named", async () => {
    const view = bearer(await world.token("view"));
    const status = await world.post("/rpc", call("status"), view);
    expect(JSON.parse(status.text)).toMatchObject({ id: 1, result: { network: "practice" } });
    for (const method of ["mine.pause", "shutdown", "job.submit", "job.order"]) {
      const params = method === "job.submit" ? { name: "x" } : {};
      expect(codeOf(await world.post("/rpc", call(method, params), view))).toBe("API_LEVEL");
    }
    const operate = bearer(await world.token("operate"));
    const order = call("job.order", { quote: "00".repeat(32) });
    expect(codeOf(await world.post("/rpc", order, operate))).toBe("API_LEVEL");
    const spend = bearer(await world.token("spend"));
    expect(codeOf(await world.post("/rpc", order, spend))).toBe("API_SPEND_PASSWORD");
  });

  it("never lets a session open another one", async () => {
    const spend = bearer(await world.token("spend"));
    const opening = call("page.open", { level: "spend" });
    expect(codeOf(await world.post("/rpc", opening, spend))).toBe("API_LEVEL");
  });

  it("refuses a guessed, a missing and a misplaced token", async () => {
    const token = await world.token();
    const wrong: Record<string, string>[] = [
      {},
      bearer("A".repeat(43)),
      bearer(`${token}x`),
      bearer(token.slice(0, -1)),
      { authorization: `Basic ${token}` },
      { cookie: `token=${token}` },
    ];
    for (const headers of wrong) {
      const answer = await world.post("/rpc", call("status"), headers);
      expect(refusal(answer)).toEqual([401, "API_SESSION"]);
    }
    const inAddress = await world.post(`/rpc?token=${token}`, call("status"));
    expect(refusal(inAddress)).toEqual([401, "API_SESSION"]);
    // The control: the same call with the token where it belongs.
    expect((await world.post("/rpc", call("status"), bearer(token))).status).toBe(200);
  });

  it("ends the first session when there are too many", async () => {
    const first = await world.token("view");
    for (let count = 0; count < SESSIONS_MAX; count++) await world.token("view");
    expect((await world.post("/rpc", call("status"), bearer(first))).status).toBe(401);
  });

  it("answers the schema, and says that a subscription needs the WebSocket", async () => {
    const view = bearer(await world.token("view"));
    const schema = await world.post("/rpc", call("rpc.discover"), view);
    expect(JSON.parse(schema.text)).toMatchObject({ result: { openrpc: "1.3.2" } });
    const subscribe = call("subscribe", { topic: "status" });
    expect(codeOf(await world.post("/rpc", subscribe, view))).toBe("API_SUBSCRIBE");
  });
});

describe("requests from elsewhere", () => {
  const foreign = () => [
    "http://evil.example",
    `https://127.0.0.1:${world.server.port}`,
    `http://localhost:${world.server.port}`,
    "http://127.0.0.1:1",
    `${world.origin}/`,
    "null",
    "",
  ];

  it("are refused with a foreign Origin on every address", async () => {
    const token = bearer(await world.token());
    for (const origin of foreign()) {
      for (const path of ["/session", "/rpc"]) {
        const answer = await world.post(path, call("status"), { ...token, origin });
        expect(refusal(answer), origin).toEqual([403, "API_ORIGIN"]);
      }
      for (const path of ["/", "/health", "/metrics"]) {
        const answer = await world.ask({ path, headers: { host: world.host, origin } });
        expect(refusal(answer), `${origin} ${path}`).toEqual([403, "API_ORIGIN"]);
      }
    }
  });

  it("are refused without an Origin where they change something", async () => {
    const headers = { host: world.host, "content-type": "application/json" };
    const asked = { method: "POST", path: "/session", headers };
    const answer = await world.ask({ ...asked, body: JSON.stringify({ code: world.code() }) });
    expect(refusal(answer)).toEqual([403, "API_ORIGIN"]);
  });

  it("are refused with a foreign Host, so that a name pointed here reaches nothing", async () => {
    const token = bearer(await world.token());
    const { port } = world.server;
    const hosts = [`evil.example:${port}`, `localhost:${port}`, "127.0.0.1", `127.0.0.1.:${port}`];
    for (const host of [...hosts, `127.0.0.1:${port}@evil.example`, `[::1]:${port}`]) {
      for (const path of ["/", "/health", "/metrics"]) {
        expect(refusal(await world.ask({ path, headers: { host } }))).toEqual([403, "API_HOST"]);
      }
      const answer = await world.post("/rpc", call("status"), { ...token, host });
      expect(refusal(answer), host).toEqual([403, "API_HOST"]);
    }
  });

  it("are refused with two Hosts, with none, and with a whole address as target", async () => {
    const { host } = world;
    const twice = `GET /health HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\n\r\n`;
    expect(await raw(world.server.port, twice)).toMatch(/^HTTP\/1.1 (400|403)/);
    const target = `http://${host}/health`;
    const whole = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(await raw(world.server.port, whole)).toMatch(/^HTTP\/1.1 404/);
    const none = "GET /health HTTP/1.0\r\n\r\n";
    expect(await raw(world.server.port, none)).toMatch(/^HTTP\/1.1 403/);
  });

  it("are never given permission to read", async () => {
    const headers = {
      host: world.host,
      origin: "http://evil.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,authorization",
    };
    const answer = await world.ask({ method: "OPTIONS", path: "/rpc", headers });
    expect(answer.status).toBe(403);
    const own = await world.ask({ method: "OPTIONS", path: "/rpc", headers: { host: world.host } });
    expect(own.status).toBe(403);
    for (const { headers: given } of [answer, own]) {
      const names = Object.keys(given).filter((name) => name.startsWith("access-control"));
      expect(names).toEqual([]);
    }
  });

  it("cannot come from a form: only application/json is read", async () => {
    const token = bearer(await world.token());
    const types = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""];
    for (const type of [...types, "application/json, text/plain", "application/jsonx"]) {
      const headers = { "content-type": type };
      const body = JSON.stringify({ code: world.code() });
      expect(refusal(await world.post("/session", body, headers)), type).toEqual([
        415,
        "API_CONTENT_TYPE",
      ]);
      const answer = await world.post("/rpc", call("status"), { ...token, ...headers });
      expect(refusal(answer), type).toEqual([415, "API_CONTENT_TYPE"]);
    }
    const form = await world.post("/session", "code=x", { "content-type": types[0] });
    expect(form.status).toBe(415);
  });
});

/** Sends bytes as they are; answers what comes back until the server hangs up. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, fail) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (text.includes("\r\n\r\n")) socket.end();
    });
    socket.on("close", () => resolve(text));
    socket.on("error", fail);
  });
}

describe("broken requests", () => {
  it("are refused by size, declared or not, and the next one is served", async () => {
    const token = bearer(await world.token());
    const long = "x".repeat(MESSAGE_BYTES_MAX + 1);
    const declared = await world.post("/rpc", long, token);
    expect(refusal(declared)).toEqual([413, "API_MESSAGE_SIZE"]);
    const chunked = await world.post("/rpc", long, { ...token, "transfer-encoding": "chunked" });
    expect(refusal(chunked)).toEqual([413, "API_MESSAGE_SIZE"]);
    const code = { code: "x".repeat(CODE_BODY_BYTES_MAX) };
    expect(refusal(await world.post("/session", code))).toEqual([413, "API_MESSAGE_SIZE"]);
    expect((await world.post("/rpc", call("status"), token)).status).toBe(200);
  });

  it("without a session have no body read", async () => {
    const long = "x".repeat(MESSAGE_BYTES_MAX + 1);
    expect(refusal(await world.post("/rpc", long))).toEqual([401, "API_SESSION"]);
  });

  it("are refused by form with the socket's codes", async () => {
    const token = bearer(await world.token());
    expect(refusal(await world.post("/rpc", "{", token))).toEqual([400, "API_PARSE"]);
    expect(refusal(await world.post("/rpc", [], token))).toEqual([400, "API_REQUEST"]);
    expect(refusal(await world.post("/session", { key: 1 }))).toEqual([400, "API_REQUEST"]);
    expect(codeOf(await world.post("/rpc", call("rm -rf"), token))).toBe("API_METHOD");
    expect(codeOf(await world.post("/rpc", call("__proto__"), token))).toBe("API_METHOD");
    const params = call("ledger.get", { slot: -1 });
    expect(codeOf(await world.post("/rpc", params, token))).toBe("API_PARAMS");
  });

  it("are refused by HTTP method, and the right one is named", async () => {
    const headers = { host: world.host, origin: world.origin };
    for (const [method, path, allow] of [
      ["GET", "/session", "POST"],
      ["GET", "/rpc", "POST"],
      ["POST", "/health", "GET"],
      ["PUT", "/rpc", "POST"],
      ["DELETE", "/", "GET"],
      ["TRACE", "/metrics", "GET"],
    ]) {
      const answer = await world.ask({ method, path, headers });
      expect(refusal(answer), `${method} ${path}`).toEqual([405, "API_HTTP_METHOD"]);
      expect(answer.headers.allow).toBe(allow);
    }
  });

  it("with too large a head are refused, and the server goes on", async () => {
    const headers = { host: world.host, "x-much": "x".repeat(HTTP_HEAD_BYTES_MAX) };
    expect((await world.ask({ headers })).status).toBe(431);
    expect((await world.ask({ path: "/health", headers: { host: world.host } })).status).toBe(200);
  });

  it("a sender who leaves in the middle costs nothing", async () => {
    const { host, origin } = world;
    const token = await world.token();
    const head = [
      "POST /rpc HTTP/1.1",
      `Host: ${host}`,
      `Origin: ${origin}`,
      "Content-Type: application/json",
      `Authorization: Bearer ${token}`,
      "Content-Length: 100",
    ];
    await new Promise<void>((resolve) => {
      const socket = connect(world.server.port, "127.0.0.1", () => {
        socket.write(`${head.join("\r\n")}\r\n\r\n{`, () => socket.destroy());
      });
      socket.on("close", () => resolve());
    });
    const answer = await world.post("/rpc", call("status"), bearer(token));
    expect(answer.status).toBe(200);
    expect(world.fake.faults).toEqual([]);
  });
});

describe("the port", () => {
  it("that is taken is refused with a code", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as AddressInfo;
    const started = await startPageServer(port, {
      ...world.fake.needs,
      sessions: world.door.sessions,
      files: new PageFiles(world.folder),
      metrics: null,
      clock: world.clock,
    });
    expect(started).toMatchObject({ ok: false, rejection: { code: "API_PORT_TAKEN" } });
    taken.close();
  });

  it("is open on loopback alone", async () => {
    const other = connect(world.server.port, "127.0.0.2");
    const failure = await new Promise((resolve) => {
      other.on("connect", () => resolve("connected"));
      other.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    other.destroy();
    expect(failure).toBe("ECONNREFUSED");
  });
});
