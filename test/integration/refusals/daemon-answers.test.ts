/** A program that answers in a daemon's place, and a daemon that ends while it is asked. */

import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { dirname, join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { controlSocketPath, socketSurroundings } from "../../../src-main/api/socket-path.ts";
import { TestHome } from "../processes/run-vivian.ts";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function newHome(start = "false"): TestHome {
  const home = new TestHome(`[mining]\nengine = "reference"\nstart = ${start}\n`);
  endings.push(() => home.remove());
  return home;
}

/** Answers each line with `answer` on the socket of a folder that no daemon uses. */
async function answerInstead(home: TestHome, answer: object): Promise<void> {
  const runtimeFolder = home.environment["XDG_RUNTIME_DIR"];
  const path = controlSocketPath(home.folder.network, { ...socketSurroundings(), runtimeFolder });
  if (!path.ok) throw new Error(path.rejection.code);
  mkdirSync(dirname(path.value), { recursive: true, mode: 0o700 });
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on("data", () => socket.write(`${JSON.stringify(answer)}\n`));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(path.value, resolve));
  endings.push(() => {
    for (const socket of open) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
}

describe("an answer", () => {
  it("that is no JSON-RPC 2.0 is refused with a code", async () => {
    const home = newHome();
    await answerInstead(home, { hello: "world" });
    const ran = await home.run(["status"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^API_RESPONSE: /);
  });
});

describe("stopping", () => {
  it("that takes longer than its limit is told with a code", async () => {
    const home = newHome();
    await answerInstead(home, { jsonrpc: "2.0", id: 1, result: { stopping: true, pid: 1 } });
    const ran = await home.run(["stop"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^PROCESSES_STOP_SLOW: /);
  });

  it("is told to whoever calls meanwhile", async () => {
    const home = newHome("true");
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    expect(await home.run(["job", "submit", "digits-cnn"])).toMatchObject({ code: 0 });
    const client = await home.connect();
    if (client === null) throw new Error("no daemon answers");
    const step = async () => {
      const status = await client.call("status", {});
      return status.ok ? (status.value.mine.unit?.step ?? 0) : 0;
    };
    // A worker in the middle of a step takes some milliseconds to end.
    await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(0);
    let isOpen = true;
    client.onClose(() => (isOpen = false));
    expect(await client.call("shutdown", {})).toMatchObject({ ok: true });
    const codes = new Set<string>();
    while (isOpen) {
      const answer = await client.call("devices", {});
      codes.add(answer.ok ? "" : answer.rejection.code);
    }
    expect(codes).toContain("PROCESSES_ENDING");
  });
});

describe("a program of the daemon's", () => {
  it.each(["worker", "verifier"])("that is started by hand says so: %s", async (name) => {
    const home = newHome();
    const file = join(import.meta.dirname, `../../../src-main/processes/${name}.ts`);
    const ran = await home.runProgram([file]);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain("PROCESSES_CHILD");
  });
});
