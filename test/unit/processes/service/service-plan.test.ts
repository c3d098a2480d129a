import { describe, expect, it } from "vitest";

import { parseConfig } from "../../../../src-main/processes/config/parse-config.ts";
import { servicePlan } from "../../../../src-main/processes/service/service-plan.ts";
import type { ServiceWish } from "../../../../src-main/processes/service/service-plan.ts";

const WISH: ServiceWish = {
  platform: "linux",
  scope: "user",
  program: ["/node", "/cli.ts"],
  environment: {},
  userHome: "/home/a",
  uid: 1_000,
};

function planOf(wish: Partial<ServiceWish>) {
  const plan = servicePlan({ ...WISH, ...wish });
  if (!plan.ok) throw new Error(plan.rejection.code);
  return plan.value;
}

const codeOf = (wish: Partial<ServiceWish>) => {
  const plan = servicePlan({ ...WISH, ...wish });
  return plan.ok ? "" : plan.rejection.code;
};

describe("servicePlan", () => {
  it("makes a person's service where that person's systemd looks", () => {
    const plan = planOf({});
    expect(plan.files.map(({ path }) => path)).toEqual([
      "/home/a/.config/systemd/user/vivian.service",
    ]);
    const isOwn = plan.enable.every((words) => words.join(" ").startsWith("systemctl --user"));
    expect(isOwn).toBe(true);
    const elsewhere = planOf({ environment: { XDG_CONFIG_HOME: "/etc/a", VIVIAN_HOME: "/d" } });
    expect(elsewhere.files[0].path).toBe("/etc/a/systemd/user/vivian.service");
    expect(elsewhere.files[0].text).toContain("VIVIAN_HOME=/d");
  });

  it("makes the machine's service with a user and good settings that stay the owner's", () => {
    const plan = planOf({ scope: "system", uid: 0 });
    const owners = plan.files.filter(({ isOwners }) => isOwners);
    expect(owners.map(({ path }) => path)).toEqual(["/etc/vivian/vivian.toml"]);
    expect(parseConfig(owners[0].text).ok).toBe(true);
    expect(plan.enable[0][0]).toBe("systemd-sysusers");
    expect(codeOf({ scope: "system" })).toBe("PROCESSES_SERVICE_ROOT");
  });

  it("makes an agent of launchd on macOS, and nothing where it cannot", () => {
    const plan = planOf({ platform: "darwin", environment: { VIVIAN_CONFIG: "/c.toml" } });
    expect(plan.files[0].path).toBe("/home/a/Library/LaunchAgents/org.vivian.miner.plist");
    expect(plan.files[0].text).toContain("/c.toml");
    expect(codeOf({ platform: "darwin", scope: "system" })).toBe("PROCESSES_SERVICE_SYSTEM");
    expect(codeOf({ platform: "win32" })).toBe("PROCESSES_SERVICE_SYSTEM");
  });
});
