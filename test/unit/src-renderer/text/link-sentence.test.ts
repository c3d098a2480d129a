import { describe, expect, it } from "vitest";

import {
  linkSentence,
  linkWords,
  lockedTitle,
} from "../../../../src-renderer/text/link-sentence.ts";

describe("linkSentence", () => {
  it("says what to do where the owner has to do something, and nothing of codes elsewhere", () => {
    expect(linkSentence("ended", "API_SESSION").text).toContain("run “vivian open” again");
    expect(linkSentence("ended", "API_SESSION").small).toContain("API_SESSION");
    expect(linkSentence("no-session", "").text).toContain("vivian open");
    expect(linkSentence("lost", "").text).toContain("tries again by itself");
    expect(linkSentence("opening", "").text).toBe("Connecting to the miner.");
  });

  it("has a short word for each, for those who hear it", () => {
    const words = ["lost", "ended", "no-session", "opening"].map(linkWords);
    expect(words).toEqual(["the miner is away", "no session", "no session", "connecting"]);
  });

  it("tells a code that does not count from a session that is over", () => {
    expect(lockedTitle("no-session", "")).toBe("This page needs a code");
    expect(lockedTitle("ended", "API_CODE")).toContain("code was used before");
    expect(lockedTitle("ended", "API_SESSION")).toContain("session has ended");
    expect(linkSentence("ended", "API_CODE").text).toContain("code was used before");
  });
});
