/**
 * Decides which settings there are: one table with each key's default, its allowed values and the
 * words that explain it in the generated file. A setting that changes nothing does not exist.
 */

import { isAbsolute } from "node:path";

import type { MeterDescription } from "../../adapters/meters/index.ts";
import { parseAddress } from "../../crypto/index.ts";
import type { ConfigKey, ConfigValue } from "./config-key.ts";
import { ENERGY_KEYS, energyOf } from "./energy-keys.ts";
import type { EnergySettings } from "./energy-keys.ts";
import type { DeviceLimits, ProtectionLimits, Rule } from "../../energy/rules/index.ts";
import { parseListen, PORT_MAX, PORT_MIN } from "./listen-address.ts";
import { PROTECTION_KEYS, protectionOf } from "./protection-keys.ts";

/** Characters of a graphics adapter's name. */
const ADAPTER_NAME_MAX = 96;

/** Settings of a data folder. */
export interface Config {
  readonly network: "practice";
  /** Empty: what the ledger says, which is the owner's account where it was founded so. */
  readonly payoutAddress: string;
  readonly mining: {
    readonly start: boolean;
    readonly engine: "auto" | "native-cpu" | "cuda" | "webgpu" | "wasm" | "reference";
    /** What "auto" chooses by. */
    readonly prefer: "speed" | "joules";
    /** Name of a graphics adapter; empty takes the first. */
    readonly adapter: string;
    readonly threads: number;
    /** Empty: the key of the folder, or systemd's credential `worker-key`. */
    readonly workerKeyFile: string;
  };
  readonly jobs: { readonly first: string };
  readonly ledger: { readonly retention: number; readonly keepPayloads: number };
  readonly page: {
    readonly port: number;
    readonly metrics: boolean;
    /** Empty: no listener for metrics alone. */
    readonly metricsListen: string;
    readonly metricsTokenFile: string;
  };
  readonly log: {
    readonly level: "info" | "warn" | "error";
    readonly bytesMax: number;
    readonly filesMax: number;
  };
  readonly energy: EnergySettings;
  /** Meters of `[[meters]]`; others are found. */
  readonly meters: readonly MeterDescription[];
  /** Rules of `[[rules]]`, first match decides. */
  readonly rules: readonly Rule[];
  readonly protection: ProtectionLimits;
  /** Limits of single devices, of `[[limits]]`. */
  readonly limits: readonly DeviceLimits[];
  readonly owner: {
    /** Empty: the system's. */
    readonly timeZone: string;
  };
}

const isInteger = (value: unknown, least: number, most: number) =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

const isOneOf = (value: unknown, names: readonly string[]) =>
  typeof value === "string" && names.includes(value);

/** Values of `mining.engine`. */
const ENGINES = ["auto", "native-cpu", "cuda", "webgpu", "wasm", "reference"];

/** Threads one worker may use at most; beyond it a machine runs several workers. */
const THREADS_MAX = 256;

/** Characters of a path; the longest that Linux takes. */
const PATH_MAX = 4_095;

/** No path, or one that means the same wherever the program is started. */
const isPathOrNone = (value: unknown) =>
  typeof value === "string" && (value === "" || (isAbsolute(value) && value.length <= PATH_MAX));

/** Every key, in the order of the generated file. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  {
    table: "",
    name: "network",
    standard: "practice",
    allowed: '"practice"',
    allows: (value) => isOneOf(value, ["practice"]),
    about: [
      "The network this folder belongs to. practice: a ledger of your own on this machine,",
      "with all the rules; its rewards have no value and prove nothing to others.",
    ],
  },
  {
    table: "",
    name: "payoutAddress",
    standard: "",
    allowed: 'an address (0x and 40 hex digits, capitals as they were given), or ""',
    allows: (value) => typeof value === "string" && (value === "" || parseAddress(value).ok),
    about: [
      "Where work is paid to, for instance a wallet of yours on another machine. A ledger takes it",
      "when it is founded, which the first start does, and keeps it: a later start with another",
      "address is refused, not ignored. Empty: this machine's owner account, or as it was founded.",
    ],
  },
  {
    table: "mining",
    name: "start",
    standard: true,
    allowed: "true or false",
    allows: (value) => typeof value === "boolean",
    about: ["Whether mining starts with the daemon. false: it waits for `vivian mine start`."],
  },
  {
    table: "mining",
    name: "engine",
    standard: "auto",
    allowed: '"auto", "native-cpu", "cuda", "webgpu", "wasm" or "reference"',
    allows: (value) => isOneOf(value, ENGINES),
    about: [
      "What computes. auto: a GPU where it is exact here and better than the processor (`prefer`),",
      "else the native engine where it is built, else the same in WebAssembly, or else the",
      "reference engine. cuda, webgpu: a graphics device, where it is exact (`vivian doctor`).",
      "All give equal bytes; the reference is slow.",
    ],
  },
  {
    table: "mining",
    name: "prefer",
    standard: "joules",
    allowed: '"speed" or "joules"',
    allows: (value) => isOneOf(value, ["speed", "joules"]),
    about: [
      "What auto chooses by. speed: what takes every standard step fastest. joules: the most steps",
      "for a joule, where the energy of the processor and of each device is metered; else speed.",
    ],
  },
  {
    table: "mining",
    name: "adapter",
    standard: "",
    allowed: 'the name of a graphics adapter (`vivian doctor` lists them), or ""',
    allows: (value) => typeof value === "string" && value.length <= ADAPTER_NAME_MAX,
    about: [
      'Which graphics device trains where engine is "cuda" or "webgpu". "": the first one, GPUs',
      "before processors that play one. By CUDA also its UUID (GPU-…) or its place on the bus",
      "(0000:0a:00.0), where two have one name.",
    ],
  },
  {
    table: "mining",
    name: "threads",
    standard: 0,
    allowed: `a whole number from 0 to ${THREADS_MAX}`,
    allows: (value) => isInteger(value, 0, THREADS_MAX),
    about: ["Processor threads for training. 0: all that this program may use."],
  },
  {
    table: "mining",
    name: "worker_key_file",
    standard: "",
    allowed: 'an absolute path, or ""',
    allows: isPathOrNone,
    about: [
      "File with the worker's key (`vivian wallet worker-key` makes one), for machines that get it",
      'from outside. "": systemd\'s credential worker-key where it is given, else keys/worker.key.',
    ],
  },
  {
    table: "jobs",
    name: "first",
    standard: "digits-cnn",
    allowed: "the name of a sponsored job (`vivian job list`)",
    allows: (value) => typeof value === "string" && /^[a-z0-9][a-z0-9-]{0,63}$/.test(value),
    about: ["The sponsored job that `vivian start` submits when none is in progress."],
  },
  {
    table: "ledger",
    name: "retention",
    standard: 256,
    allowed: "a whole number of commits from 1 to 100000",
    allows: (value) => isInteger(value, 1, 100_000),
    about: [
      "Commits before the newest whose state can still be read and proved",
      "(`vivian ledger state --at`). Each costs the disk what the commit changed.",
    ],
  },
  {
    table: "ledger",
    name: "keep_payloads",
    standard: 0,
    allowed: "0, or a whole number of slots from 4096",
    allows: (value) => value === 0 || isInteger(value, 4_096, Number.MAX_SAFE_INTEGER),
    about: [
      "Newest slots whose records stay on the disk; older ones go, their hashes and outcomes stay.",
      "0: every record stays. What is gone can be fetched from no one while the network is this",
      "machine alone.",
    ],
  },
  {
    table: "page",
    name: "port",
    standard: 0,
    allowed: `0, or a port from ${PORT_MIN} to ${PORT_MAX}`,
    allows: (value) => value === 0 || isInteger(value, PORT_MIN, PORT_MAX),
    about: [
      "Port of the page on this machine (127.0.0.1). 0: the last one if it is free, else any;",
      "`vivian open` finds it.",
    ],
  },
  {
    table: "page",
    name: "metrics",
    standard: true,
    allowed: "true or false",
    allows: (value) => typeof value === "boolean",
    about: [
      "Whether GET /metrics answers at the page's port. It needs no session, so that Prometheus",
      "can read it: other users of this machine can too. No wallet or job is named there.",
    ],
  },
  {
    table: "page",
    name: "metrics_listen",
    standard: "",
    allowed: `an IP address and a port from ${PORT_MIN}, such as "0.0.0.0:9464", or ""`,
    allows: (value) => value === "" || (typeof value === "string" && parseListen(value) !== null),
    about: [
      "Where GET /metrics and a bare GET /health answer for other machines; nothing else does.",
      'Beyond this machine it needs metrics_token_file. It is not encrypted. "": nowhere.',
    ],
  },
  {
    table: "page",
    name: "metrics_token_file",
    standard: "",
    allowed: 'an absolute path, or ""',
    allows: isPathOrNone,
    about: [
      "File with the token, 16 to 512 characters, that a scrape of metrics_listen must carry",
      '(`Authorization: Bearer TOKEN`). "": none, which is possible on this machine alone.',
    ],
  },
  {
    table: "log",
    name: "level",
    standard: "info",
    allowed: '"info", "warn" or "error"',
    allows: (value) => isOneOf(value, ["info", "warn", "error"]),
    about: ["What the daemon's log keeps: info (everything), warn or error."],
  },
  {
    table: "log",
    name: "bytes_max",
    standard: 4_194_304,
    allowed: "a whole number of bytes from 65536 to 1073741824",
    allows: (value) => isInteger(value, 65_536, 1_073_741_824),
    about: ["Size at which a new log file is begun, in bytes."],
  },
  {
    table: "log",
    name: "files_max",
    standard: 4,
    allowed: "a whole number from 1 to 64",
    allows: (value) => isInteger(value, 1, 64),
    about: ["How many log files are kept, the current one included."],
  },
  ...ENERGY_KEYS,
  ...PROTECTION_KEYS,
];

/** A key as people write it: "mining.threads". */
export function keyPath(key: ConfigKey): string {
  return key.table === "" ? key.name : `${key.table}.${key.name}`;
}

/** Settings that stand as single keys. */
type ConfigOfKeys = Omit<Config, "limits" | "meters" | "rules">;

/** The settings from checked values by path. */
export function configOf(value: (path: string) => ConfigValue): ConfigOfKeys {
  return {
    network: value("network") as "practice",
    payoutAddress: value("payoutAddress") as string,
    mining: {
      start: value("mining.start") as boolean,
      engine: value("mining.engine") as Config["mining"]["engine"],
      prefer: value("mining.prefer") as Config["mining"]["prefer"],
      adapter: value("mining.adapter") as string,
      threads: value("mining.threads") as number,
      workerKeyFile: value("mining.worker_key_file") as string,
    },
    jobs: { first: value("jobs.first") as string },
    ledger: {
      retention: value("ledger.retention") as number,
      keepPayloads: value("ledger.keep_payloads") as number,
    },
    page: {
      port: value("page.port") as number,
      metrics: value("page.metrics") as boolean,
      metricsListen: value("page.metrics_listen") as string,
      metricsTokenFile: value("page.metrics_token_file") as string,
    },
    log: {
      level: value("log.level") as Config["log"]["level"],
      bytesMax: value("log.bytes_max") as number,
      filesMax: value("log.files_max") as number,
    },
    energy: energyOf(value),
    protection: protectionOf(value),
    owner: { timeZone: value("owner.time_zone") as string },
  };
}
