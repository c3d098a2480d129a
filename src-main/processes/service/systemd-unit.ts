/**
 * Decides what systemd is told of the daemon: as a service of the system it has a user of its own
 * and sees nothing but its folder and the accelerators; as a service of a person it is closed as
 * far as a person's manager can.
 */

import { STOP_WITHIN_MS } from "../daemon/stopping.ts";

/** What a unit is made for. */
export interface UnitWish {
  readonly scope: "system" | "user";
  /** Program and its first arguments, before `up`. */
  readonly program: readonly string[];
  /** Settings file of a system's service; null: the data folder's own. */
  readonly config: string | null;
  /** Data folder of a person's service where it is not the standard one. */
  readonly home: string | null;
}

/** Signs of life may be this far apart; the daemon gives one each half. */
const WATCHDOG_SECONDS = 60;

/**
 * Seconds that a stop may take before systemd kills: the daemon ends itself within 5 s, with the
 * unit in hand checkpointed; the rest is for a disk that is slow to sync.
 */
export const TIMEOUT_STOP_SECONDS = (6 * STOP_WITHIN_MS) / 1_000;

/** A ledger of some size is checked at the start. */
const TIMEOUT_START_SECONDS = 300;

/** The text of vivian.service. */
export function systemdUnit(wish: UnitWish): string {
  const isSystem = wish.scope === "system";
  return sections([
    ["Unit", isSystem ? SYSTEM_UNIT : USER_UNIT],
    ["Service", [...runs(wish), ...ENDS, ...(isSystem ? SYSTEM_ROOM : USER_ROOM)]],
    ["Install", [`WantedBy=${isSystem ? "multi-user" : "default"}.target`]],
  ]);
}

const LIMITS = ["StartLimitIntervalSec=300", "StartLimitBurst=5"];

const SYSTEM_UNIT = [
  "Description=VIVIAN Miner",
  "Wants=network-online.target",
  "After=network-online.target time-sync.target nvidia-persistenced.service",
  ...LIMITS,
];

const USER_UNIT = ["Description=VIVIAN Miner of this user", ...LIMITS];

function runs({ scope, program, config, home }: UnitWish): string[] {
  const words = [...program, "up", ...(config === null ? [] : ["--config", config])];
  const lines = [
    "Type=notify",
    "NotifyAccess=main",
    `ExecStart=${words.map(unitWord).join(" ")}`,
    `WatchdogSec=${WATCHDOG_SECONDS}`,
    `TimeoutStartSec=${TIMEOUT_START_SECONDS}`,
  ];
  if (scope === "user") {
    return home === null ? lines : [...lines, `Environment=${unitWord(`VIVIAN_HOME=${home}`)}`];
  }
  return [
    ...lines,
    "User=vivian",
    "Group=vivian",
    "SupplementaryGroups=render video",
    "StateDirectory=vivian",
    "StateDirectoryMode=0700",
    "RuntimeDirectory=vivian",
    "RuntimeDirectoryMode=0700",
    "CacheDirectory=vivian",
    "ConfigurationDirectory=vivian",
    "Environment=VIVIAN_HOME=%S/vivian XDG_RUNTIME_DIR=%t/vivian NODE_COMPILE_CACHE=%C/vivian",
    "# A worker's key from outside: LoadCredential=worker-key:/etc/vivian/worker.key in a drop-in.",
    "UMask=0077",
  ];
}

const ENDS = [
  `TimeoutStopSec=${TIMEOUT_STOP_SECONDS}`,
  "# The daemon ends its workers itself; what is left after its own end is killed.",
  "KillMode=mixed",
  "Restart=on-failure",
  "RestartSec=10",
];

/** Work gives way to all else on the machine. */
const GIVES_WAY = ["Nice=19", "IOSchedulingClass=idle", "OOMScoreAdjust=500", "MemoryMax=80%"];

const USER_ROOM = [
  "Nice=19",
  "IOSchedulingClass=idle",
  "MemoryMax=80%",
  "UMask=0077",
  "NoNewPrivileges=yes",
  "LockPersonality=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "SystemCallArchitectures=native",
];

/** Character devices that may be opened, by the names of /proc/devices; the rest are closed. */
const ACCELERATORS = [
  ["char-drm", "graphics of every vendor (/dev/dri)"],
  ["char-nvidia*", "NVIDIA's driver"],
  ["char-kfd", "AMD's compute"],
  ["char-accel", "accelerators of the kernel's own class (/dev/accel)"],
  ["char-vfio", "TPUs behind VFIO"],
  ["char-apex", "Coral on PCIe"],
] as const;

const SYSTEM_ROOM = [
  ...GIVES_WAY,
  "TasksMax=1024",
  "NoNewPrivileges=yes",
  "CapabilityBoundingSet=",
  "AmbientCapabilities=",
  "ProtectSystem=strict",
  "ProtectHome=yes",
  "PrivateTmp=yes",
  "PrivateMounts=yes",
  "ProtectProc=invisible",
  "ProtectClock=yes",
  "ProtectHostname=yes",
  "ProtectKernelTunables=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelLogs=yes",
  "ProtectControlGroups=yes",
  "RestrictNamespaces=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
  "LockPersonality=yes",
  "KeyringMode=private",
  "RemoveIPC=yes",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallFilter=~@privileged",
  "SystemCallErrorNumber=EPERM",
  "# Not MemoryDenyWriteExecute: the JavaScript engine writes its machine code at run time.",
  "# Not PrivateDevices and PrivateUsers: they would hide the accelerators and their groups.",
  "DevicePolicy=closed",
  ...ACCELERATORS.map(([device]) => `DeviceAllow=${device} rw`),
];

/** A word of a command line as systemd reads it: quoted where needed, `%` and `$` doubled. */
export function unitWord(word: string): string {
  const escaped = word.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  const plain = escaped.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[A-Za-z0-9_\-./=:@%+$]+$/.test(plain) ? plain : `"${plain}"`;
}

function sections(parts: readonly (readonly [string, readonly string[]])[]): string {
  return `${parts.map(([name, lines]) => [`[${name}]`, ...lines].join("\n")).join("\n\n")}\n`;
}

/** The user of the system's service, as systemd-sysusers(8) makes it. */
export const SYSTEM_USER = 'u vivian - "VIVIAN Miner" /var/lib/vivian\n';

/** Where a package of ours puts the command. */
export const PACKAGED_PROGRAM = ["/opt/VIVIAN Miner/resources/vivian/bin/vivian"];

/** Settings of the system's service. */
export const SYSTEM_CONFIG = "/etc/vivian/vivian.toml";
