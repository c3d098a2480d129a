import { describe, expect, it } from "vitest";

import { isLoopback, parseListen } from "../../../../src-main/processes/config/listen-address.ts";

describe("parseListen", () => {
  it("takes an IP address and a port", () => {
    expect(parseListen("127.0.0.1:9464")).toEqual({ host: "127.0.0.1", port: 9_464 });
    expect(parseListen("0.0.0.0:65535")).toEqual({ host: "0.0.0.0", port: 65_535 });
    expect(parseListen("[::]:1024")).toEqual({ host: "::", port: 1_024 });
    expect(parseListen("[fe80::1]:9464")).toEqual({ host: "fe80::1", port: 9_464 });
  });

  it("takes no name, no system's port, and nothing half", () => {
    const wrong = ["localhost:9464", "9464", ":9464", "0.0.0.0", "0.0.0.0:", "0.0.0.0:80"];
    const more = ["0.0.0.0:65536", "256.0.0.1:9464", "::1:9464", "[127.0.0.1]:9464", "[::1]:x", ""];
    for (const text of [...wrong, ...more]) expect(parseListen(text), text).toBe(null);
  });
});

describe("isLoopback", () => {
  it("holds for what only this machine reaches", () => {
    for (const host of ["127.0.0.1", "127.9.9.9", "::1"]) expect(isLoopback(host)).toBe(true);
    for (const host of ["0.0.0.0", "::", "10.0.0.1", "::ffff:127.0.0.1", "127.evil.example"]) {
      expect(isLoopback(host), host).toBe(false);
    }
  });
});
