/**
 * Decides what making the daemon a service means on each system: which files are written, which of
 * the system's commands are run, and how both are undone. Nothing is done here.
 */

import { join, resolve } from "node:path";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { defaultConfigText } from "../config/parse-config.ts";
import { LAUNCHD_LABEL, launchdPlist } from "./launchd-plist.ts";
import { SYSTEM_CONFIG, SYSTEM_USER, systemdUnit } from "./systemd-unit.ts";

/** What is known of the machine and of the wish. */
export interface ServiceWish {
  readonly platform: NodeJS.Platform;
  readonly scope: "system" | "user";
  readonly program: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly userHome: string;
  readonly uid: number;
}

/** One file of a service. */
export interface ServiceFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** The owner's: written where there is none, never replaced, never taken away. */
  readonly isOwners: boolean;
}

/** A command of the system, as words. */
export type SystemCommand = readonly string[];

/** What making, undoing and looking mean. */
export interface ServicePlan {
  readonly files: readonly ServiceFile[];
  readonly enable: readonly SystemCommand[];
  /** Run before the files go; their failing is no reason to keep the files. */
  readonly disable: readonly SystemCommand[];
  /** Run after the files have gone. */
  readonly forget: readonly SystemCommand[];
  readonly status: SystemCommand;
  /** What a person must know. */
  readonly notes: readonly string[];
}

/**
 * The plan for a machine.
 * @rejects PROCESSES_SERVICE_SYSTEM (no such service here), PROCESSES_SERVICE_ROOT
 */
export function servicePlan(wish: ServiceWish): Outcome<ServicePlan> {
  const { platform, scope, uid } = wish;
  if (platform === "darwin" && scope === "user") return accept(agentPlan(wish));
  if (platform !== "linux") return reject("PROCESSES_SERVICE_SYSTEM", { platform, scope });
  if (scope === "user") return accept(userPlan(wish));
  if (uid !== 0) return reject("PROCESSES_SERVICE_ROOT", { uid });
  return accept(systemPlan(wish));
}

/** A path of the environment that means the same to the service. */
function given(environment: NodeJS.ProcessEnv, name: string): string | null {
  const value = environment[name];
  return value === undefined || value === "" ? null : resolve(value);
}

function userPlan({ program, environment, userHome }: ServiceWish): ServicePlan {
  const folder = given(environment, "XDG_CONFIG_HOME") ?? join(userHome, ".config");
  const config = given(environment, "VIVIAN_CONFIG");
  const home = given(environment, "VIVIAN_HOME");
  const text = systemdUnit({ scope: "user", program, config, home });
  const systemctl = ["systemctl", "--user"];
  return {
    files: [file(join(folder, "systemd", "user", "vivian.service"), text)],
    enable: [
      [...systemctl, "daemon-reload"],
      [...systemctl, "enable", "--now", "vivian.service"],
    ],
    disable: [[...systemctl, "disable", "--now", "vivian.service"]],
    forget: [[...systemctl, "daemon-reload"]],
    status: [...systemctl, "status", "--no-pager", "--lines=5", "vivian.service"],
    notes: ["`loginctl enable-linger` lets it run while you are not logged in."],
  };
}

function systemPlan({ program }: ServiceWish): ServicePlan {
  const unit = { scope: "system", program, config: SYSTEM_CONFIG, home: null } as const;
  return {
    files: [
      file("/etc/systemd/system/vivian.service", systemdUnit(unit)),
      file("/etc/sysusers.d/vivian.conf", SYSTEM_USER),
      { ...file(SYSTEM_CONFIG, defaultConfigText()), isOwners: true },
    ],
    enable: [
      ["systemd-sysusers", "/etc/sysusers.d/vivian.conf"],
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "vivian.service"],
    ],
    disable: [["systemctl", "disable", "--now", "vivian.service"]],
    forget: [["systemctl", "daemon-reload"]],
    status: ["systemctl", "status", "--no-pager", "--lines=5", "vivian.service"],
    notes: [
      `Settings: ${SYSTEM_CONFIG}; data and keys: /var/lib/vivian. Neither is ever taken away.`,
    ],
  };
}

function agentPlan({ program, environment, userHome, uid }: ServiceWish): ServicePlan {
  const path = join(userHome, "Library", "LaunchAgents", `${LAUNCHD_LABEL}.plist`);
  const names = ["VIVIAN_HOME", "VIVIAN_CONFIG"];
  const kept = names.flatMap((name) => {
    const value = given(environment, name);
    return value === null ? [] : [[name, value] as const];
  });
  const output = join(userHome, "Library", "Logs", "vivian.log");
  const text = launchdPlist({ program, environment: Object.fromEntries(kept), output });
  const domain = `gui/${uid}`;
  return {
    files: [file(path, text)],
    enable: [["launchctl", "bootstrap", domain, path]],
    disable: [["launchctl", "bootout", `${domain}/${LAUNCHD_LABEL}`]],
    forget: [],
    status: ["launchctl", "print", `${domain}/${LAUNCHD_LABEL}`],
    notes: ["It runs while you are logged in."],
  };
}

function file(path: string, text: string): ServiceFile {
  return { path, text, mode: 0o644, isOwners: false };
}
