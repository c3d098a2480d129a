import { describe, expect, it } from "vitest";

import { errorResponse, rejectionOf } from "../../../src-main/api/error-response.ts";
import { checkResponse } from "../../../src-main/contract/control-api/index.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";

describe("errorResponse", () => {
  it("carries number, code, facts, what happened and what to do next", () => {
    const response = errorResponse(7, { code: "API_METHOD", facts: { method: "x" } });
    expect(response).toMatchObject({
      id: 7,
      error: { code: -32_601, data: { code: "API_METHOD", facts: { method: "x" } } },
    });
    expect(checkResponse(response).ok).toBe(true);
    if ("error" in response) {
      expect(response.error.message).toBe("There is no such method.");
      expect(response.error.data.next).toContain("vivian version");
    }
  });
});

describe("rejectionOf", () => {
  it("keeps a fault's code and facts, and hides nothing of another error's message", () => {
    expect(rejectionOf(new Fault("DISK_FULL", "no space", { free: 0 }))).toEqual({
      code: "DISK_FULL",
      facts: { free: 0 },
    });
    expect(rejectionOf(new TypeError("x is not a function"))).toEqual({
      code: "API_INTERNAL",
      facts: { message: "x is not a function" },
    });
  });
});
