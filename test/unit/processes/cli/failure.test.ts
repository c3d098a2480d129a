import { describe, expect, it } from "vitest";

import {
  exitCodeOf,
  failureLine,
  failureText,
} from "../../../../src-main/processes/cli/failure.ts";

describe("failureLine", () => {
  it("is one line: code, what happened, facts, what to do", () => {
    expect(failureLine({ code: "API_UNREACHABLE", facts: { folder: "/data" } })).toBe(
      "API_UNREACHABLE: No daemon answers for this data folder (folder /data). " +
        "Start one with `vivian up`.",
    );
  });

  it("prefers the daemon's own words, which may be newer", () => {
    const refusal = { code: "NEW_CODE", what: "It rained.", next: "Take a coat." };
    expect(failureLine(refusal)).toBe("NEW_CODE: It rained. Take a coat.");
  });
});

describe("failureText", () => {
  it("says below the line what is safe, and nothing there of a code it does not know", () => {
    expect(failureText({ code: "STORE_LOCKED" }).split("\n")).toEqual([
      failureLine({ code: "STORE_LOCKED" }),
      "Safe: Every commit that was acknowledged; one that was not is dropped whole.",
    ]);
    expect(failureText({ code: "NEW_CODE" })).not.toContain("Safe");
  });
});

describe("exitCodeOf", () => {
  it("is 3 when no daemon answers and 1 for every other refusal", () => {
    expect(exitCodeOf({ code: "API_UNREACHABLE" })).toBe(3);
    expect(exitCodeOf({ code: "API_CLOSED" })).toBe(1);
    expect(exitCodeOf({ code: "STORE_LOCKED" })).toBe(1);
  });
});
