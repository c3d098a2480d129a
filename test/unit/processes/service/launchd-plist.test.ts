import { describe, expect, it } from "vitest";

import { launchdPlist } from "../../../../src-main/processes/service/launchd-plist.ts";

const text = launchdPlist({
  program: ["/Applications/VIVIAN & Co.app/node", "cli.ts"],
  environment: { VIVIAN_HOME: "/Users/a/<data>" },
  output: "/Users/a/Library/Logs/vivian.log",
});

describe("launchdPlist", () => {
  it("runs `up` at login, again after a failure, with time to end", () => {
    expect(text).toContain("<string>up</string>");
    expect(text).toMatch(/<key>RunAtLoad<\/key>\s*<true\/>/);
    expect(text).toMatch(/<key>SuccessfulExit<\/key>\s*<false\/>/);
    const grace = /<key>ExitTimeOut<\/key>\s*<integer>(\d+)</.exec(text)?.[1];
    expect(Number(grace)).toBeGreaterThanOrEqual(10);
  });

  it("writes what a path may hold so that XML reads it, and closes what it opens", () => {
    expect(text).toContain("VIVIAN &amp; Co.app");
    expect(text).toContain("/Users/a/&lt;data&gt;");
    const opened: string[] = [];
    for (const [, end, name, empty] of text.matchAll(/<(\/?)(\w+)[^>?!]*?(\/?)>/g)) {
      if (empty === "/") continue;
      if (end === "/") expect(opened.pop()).toBe(name);
      else opened.push(name);
    }
    expect(opened).toEqual([]);
  });
});
