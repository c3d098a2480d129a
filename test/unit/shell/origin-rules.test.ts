import { describe, expect, it } from "vitest";

import {
  isGranted,
  isOfPage,
  isRequestOfPage,
  originOf,
  targetIn,
} from "../../../src-main/shell/origin-rules.ts";

const ORIGIN = "http://127.0.0.1:4100";
const CODE = "a-Z_9".repeat(8) + "abc";

describe("originOf", () => {
  it("takes a daemon's address and nothing that merely looks like one", () => {
    expect(originOf("http://127.0.0.1:4100/")).toBe(ORIGIN);
    for (const address of [
      "http://127.0.0.1/",
      "http://127.0.0.1:0/",
      "http://127.0.0.1:65536/",
      "http://127.0.0.1:4100",
      "http://127.0.0.1:4100/x",
      "https://127.0.0.1:4100/",
      "http://localhost:4100/",
      "http://127.0.0.1.evil.example:4100/",
      "http://me@127.0.0.1:4100/",
      "http://127.0.0.1:4100/\nhttp://evil.example/",
      "file:///127.0.0.1:4100/",
      "",
    ]) {
      expect(originOf(address), address).toBeNull();
    }
  });
});

describe("isOfPage", () => {
  it("holds at the exact origin only", () => {
    expect(isOfPage(`${ORIGIN}/`, ORIGIN)).toBe(true);
    expect(isOfPage(`${ORIGIN}/#/work`, ORIGIN)).toBe(true);
    for (const url of [
      "http://evil.example/",
      "http://127.0.0.1:4101/",
      "http://127.0.0.2:4100/",
      "http://localhost:4100/",
      "https://127.0.0.1:4100/",
      "http://me:word@127.0.0.1:4100/",
      "http://127.0.0.1:4100@evil.example/",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "data:text/html,x",
      "about:blank",
      "not a place",
    ]) {
      expect(isOfPage(url, ORIGIN), url).toBe(false);
    }
    expect(isOfPage(`${ORIGIN}/`, null)).toBe(false);
  });
});

describe("isRequestOfPage", () => {
  it("lets requests of the page's origin out, and nothing else", () => {
    const out = [`${ORIGIN}/index.js`, `${ORIGIN}/rpc`, "ws://127.0.0.1:4100/ws", "data:,x"];
    for (const url of out) expect(isRequestOfPage(url, ORIGIN), url).toBe(true);
    for (const url of [
      "http://evil.example/?token=1",
      "https://127.0.0.1:4100/",
      "http://127.0.0.1:4101/",
      "ws://127.0.0.1:4101/ws",
      "wss://127.0.0.1:4100/ws",
      "ws://evil.example/ws",
      "file:///etc/passwd",
      "ftp://127.0.0.1:4100/",
      "chrome://gpu/",
    ]) {
      expect(isRequestOfPage(url, ORIGIN), url).toBe(false);
    }
    expect(isRequestOfPage(`${ORIGIN}/`, null)).toBe(false);
  });
});

describe("isGranted", () => {
  it("lets the page write to the clipboard, and grants nobody anything else", () => {
    expect(isGranted("clipboard-sanitized-write", `${ORIGIN}/`, ORIGIN)).toBe(true);
    expect(isGranted("clipboard-sanitized-write", "http://evil.example/", ORIGIN)).toBe(false);
    for (const right of ["clipboard-read", "media", "notifications", "openExternal", "usb"]) {
      expect(isGranted(right, `${ORIGIN}/`, ORIGIN), right).toBe(false);
    }
  });
});

describe("targetIn", () => {
  const file = (target: string) => `<meta http-equiv="refresh" content="0; url=${target}">`;

  it("finds where a redirect file leads", () => {
    const target = `${ORIGIN}/#code=${CODE}`;
    expect(targetIn(file(target), `${ORIGIN}/`)).toBe(target);
  });

  it("refuses a file that leads elsewhere or carries no code", () => {
    for (const target of [
      `http://127.0.0.1:4101/#code=${CODE}`,
      `http://evil.example/#code=${CODE}`,
      `${ORIGIN}/#code=${CODE}&more`,
      `${ORIGIN}/#code=short`,
      `${ORIGIN}/`,
      "javascript:alert(1)",
    ]) {
      expect(targetIn(file(target), `${ORIGIN}/`), target).toBeNull();
    }
    expect(targetIn("", `${ORIGIN}/`)).toBeNull();
  });
});
