import { describe, expect, it } from "vitest";

import { userActive } from "../../../../src-main/adapters/machine/user-activity.ts";

const session = (type: string, idle: string, more = "") =>
  `Class=user\nType=${type}\nRemote=no\nState=active\nIdleHint=${idle}\n${more}`;

const activeWith = (list: string | null, show: string | null) =>
  userActive((words) => Promise.resolve(words[0] === "list-sessions" ? list : show));

describe("userActive", () => {
  it("is what the desktop tells of itself", async () => {
    expect(await activeWith("2 1000 ada seat0 tty2\n", session("wayland", "no"))).toBe(true);
    expect(await activeWith("2 1000 ada seat0 tty2\n", session("x11", "yes"))).toBe(false);
    const two = `${session("x11", "yes")}\n${session("wayland", "no")}`;
    expect(await activeWith("2 a\n3 b\n", two)).toBe(true);
  });

  it("is not known without a desktop: terminals and far sessions tell nothing", async () => {
    expect(await activeWith("1 0 root\n", session("tty", "no"))).toBeNull();
    expect(
      await activeWith("1 0 root\n", "Class=user\nType=x11\nRemote=yes\nIdleHint=no"),
    ).toBeNull();
    expect(await activeWith("", null)).toBeNull();
    expect(await activeWith(null, null)).toBeNull();
    expect(await activeWith("1 0 root\n", null)).toBeNull();
  });
});
