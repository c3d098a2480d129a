import { describe, expect, it } from "vitest";

import { linkSentence } from "../../../../src-renderer/text/link-sentence.ts";

describe("linkSentence", () => {
  it("says what to do where the owner has to do something, and nothing of codes elsewhere", () => {
    expect(linkSentence("ended", "API_SESSION").text).toContain("run “vivian open” again");
    expect(linkSentence("ended", "API_SESSION").small).toContain("API_SESSION");
    expect(linkSentence("no-session", "").text).toContain("vivian open");
    expect(linkSentence("lost", "").text).toContain("tries again by itself");
    expect(linkSentence("opening", "").text).toBe("Connecting to the miner.");
  });
});
