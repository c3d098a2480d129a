/**
 * What a page from elsewhere reaches in a real browser, where the browser's rules and ours meet:
 * nothing. The control is the same browser on the page's own address.
 */
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { PageWorld } from "../integration/api/page-world.ts";
import { chromiumFile, launchChromium } from "./open-chromium.ts";

describe.skipIf(chromiumFile === undefined)("a page from elsewhere", () => {
  const called: string[] = [];
  const world = new PageWorld({
    "mine.pause": () => {
      called.push("mine.pause");
      return Promise.reject(new Error("not to be reached"));
    },
  });
  let browser: Browser;
  let foreign: Server;
  let token: string;

  beforeAll(async () => {
    await world.start();
    token = await world.token("spend");
    foreign = createServer((request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(foreignText(request.url ?? "", world.origin));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => foreign.once("listening", resolve));
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    foreign.close();
    await world.stop();
  });

  /** A page of another origin on this very machine. */
  async function elsewhere(host = "127.0.0.1", path = "/"): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`http://${host}:${(foreign.address() as AddressInfo).port}${path}`);
    return page;
  }

  it("gets no answer from any address, even with a token that counts", async () => {
    for (const host of ["127.0.0.1", "localhost"]) {
      const page = await elsewhere(host);
      expect(await page.evaluate(fetchAll, { origin: world.origin, token })).toEqual(
        Array.from({ length: 5 }, () => "refused"),
      );
      await page.close();
    }
    expect(called).toEqual([]);
  });

  it("opens no WebSocket, and the page's own address does", async () => {
    const page = await elsewhere();
    const sockets = { address: `ws://${world.host}/ws` };
    expect(await page.evaluate(openSocket, sockets)).toBe("closed");
    await page.goto(world.server.address);
    expect(await page.evaluate(openSocket, sockets)).toBe("open");
    expect(await page.evaluate(fetchAll, { origin: world.origin, token })).toContain("answered");
    expect(called.splice(0)).toEqual(["mine.pause"]);
    await page.close();
  });

  it("changes nothing with a form", async () => {
    const page = await elsewhere("127.0.0.1", "/form");
    const answered = page.waitForResponse((response) => response.url().endsWith("/rpc"));
    await page.click("button");
    expect((await answered).status()).toBe(403);
    expect(called).toEqual([]);
    await page.close();
  });

  it("cannot put the page into a frame or load its files", async () => {
    const page = await elsewhere();
    const failed = page.waitForEvent("requestfailed");
    const refused = page.waitForEvent("console", (line) => line.text().includes("frame-ancestors"));
    await page.goto(`${page.url()}parts`);
    expect((await failed).failure()?.errorText).toContain("NotSameOrigin");
    expect((await refused).type()).toBe("error");
    await page.close();
  });
});

/** What the other server shows: nothing, a form that posts to the API, or parts of the page. */
function foreignText(path: string, target: string): string {
  const head = "<!doctype html><title>elsewhere</title>";
  if (path === "/form") {
    const name = '{"jsonrpc":"2.0","id":1,"method":"mine.pause","x":"';
    return `${head}<form method="post" enctype="text/plain" action="${target}/rpc">
      <input name='${name}' value='"}'><button>go</button></form>`;
  }
  if (path !== "/parts") return head;
  return `${head}<script src="${target}/index.js"></script><iframe src="${target}/"></iframe>`;
}

/** Runs in the browser: asks every address in the ways a page can. */
async function fetchAll({ origin, token }: { origin: string; token: string }): Promise<string[]> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "mine.pause" });
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const asked: [string, RequestInit][] = [
    ["/health", {}],
    ["/metrics", {}],
    ["/rpc", { method: "POST", body, headers }],
    ["/rpc", { method: "POST", body, headers: { authorization: `Bearer ${token}` } }],
    ["/session", { method: "POST", mode: "no-cors", body: '{"code":"x"}' }],
  ];
  const ends: string[] = [];
  for (const [path, init] of asked) {
    const end = await fetch(origin + path, init).then(
      (response) => (response.ok ? "answered" : "refused"),
      () => "refused",
    );
    ends.push(end);
  }
  return ends;
}

/** Runs in the browser: whether a WebSocket opens. */
function openSocket({ address }: { address: string }): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    socket.onopen = () => resolve("open");
    socket.onclose = () => resolve("closed");
  });
}
