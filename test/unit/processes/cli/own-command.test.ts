import { describe, expect, it } from "vitest";

import { asTyped, ownCommand } from "../../../../src-main/processes/cli/own-command.ts";

describe("ownCommand", () => {
  it("is npx vivian where npm started the program, else vivian", () => {
    expect(ownCommand({ npm_lifecycle_event: "start" })).toBe("npx vivian");
    expect(ownCommand({})).toBe("vivian");
  });
});

describe("asTyped", () => {
  it("changes commands in backticks and nothing else", () => {
    expect(asTyped("vivian runs; start it with `vivian up`.", "npx vivian")).toBe(
      "vivian runs; start it with `npx vivian up`.",
    );
  });
});
