import { describe, expect, it } from "vitest";

import { connectionFault } from "../../../../src-main/adapters/meters/http-request.ts";

const failed = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("why"), { code }) });

describe("adapters/meters/http-request", () => {
  it.each([
    ["EHOSTUNREACH", "darwin", "METERS_LOCAL_NETWORK"],
    ["EHOSTUNREACH", "linux", "METERS_UNREACHABLE"],
    ["ECONNREFUSED", "darwin", "METERS_UNREACHABLE"],
    ["ENOTFOUND", "linux", "METERS_UNREACHABLE"],
    ["ETIMEDOUT", "linux", "METERS_TIMEOUT"],
    ["HPE_INVALID_CONSTANT", "linux", "METERS_ANSWER"],
  ])("says of %s on %s: %s", (said, platform, code) => {
    const fault = connectionFault(failed(said), "plug", platform);
    expect(fault).toMatchObject({ code, facts: { host: "plug" } });
  });

  it("says of a request that was given up that it took too long", () => {
    const error = new DOMException("gone", "TimeoutError");
    expect(connectionFault(error, "plug", "linux").code).toBe("METERS_TIMEOUT");
  });
});
