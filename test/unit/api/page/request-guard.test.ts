import { describe, expect, it } from "vitest";

import { requestRefusal, upgradeRefusal } from "../../../../src-main/api/page/request-guard.ts";

const own = { host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080" };
const from = (method: string, ...rawHeaders: string[]) => ({ method, rawHeaders });
const codeOf = (refusal: { code: string } | null) => refusal?.code ?? null;

describe("requestRefusal", () => {
  it("lets its own page through", () => {
    expect(requestRefusal(from("GET", "Host", own.host), own)).toBe(null);
    expect(requestRefusal(from("HEAD", "host", own.host), own)).toBe(null);
    const posted = from("POST", "HOST", own.host, "Origin", own.origin);
    expect(requestRefusal(posted, own)).toBe(null);
  });

  it("wants the Host once and exact", () => {
    for (const hosts of [[], ["Host", ""], ["Host", `${own.host}.`], ["Host", "127.0.0.1"]]) {
      expect(codeOf(requestRefusal(from("GET", ...hosts), own))).toBe("API_HOST");
    }
    const twice = from("GET", "Host", own.host, "host", own.host);
    expect(codeOf(requestRefusal(twice, own))).toBe("API_HOST");
  });

  it("wants an Origin for everything that is not reading, and for each WebSocket", () => {
    for (const method of ["POST", "PUT", "OPTIONS", "DELETE", ""]) {
      expect(codeOf(requestRefusal(from(method, "Host", own.host), own))).toBe("API_ORIGIN");
    }
    expect(codeOf(upgradeRefusal(from("GET", "Host", own.host), own))).toBe("API_ORIGIN");
  });

  it("wants each Origin exact, also where none is needed, and only one", () => {
    for (const origin of ["null", "", "http://127.0.0.1:8081", "HTTP://127.0.0.1:8080"]) {
      const request = from("GET", "Host", own.host, "Origin", origin);
      expect(codeOf(requestRefusal(request, own))).toBe("API_ORIGIN");
    }
    const twice = from("GET", "Host", own.host, "Origin", own.origin, "Origin", own.origin);
    expect(codeOf(requestRefusal(twice, own))).toBe("API_ORIGIN");
  });
});
