/** Lays out the tree of a known machine, and what is said of its devices. */

import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { describeDevices } from "../../../../src-main/adapters/machine/index.ts";
import type { NvidiaAnswer } from "../../../../src-main/adapters/machine/index.ts";
import { joinGpus, otherDevices } from "../../../../src-main/adapters/machine/join-devices.ts";
import { readMachine } from "../../../../src-main/adapters/machine/read-machine.ts";
import { surroundingsWords } from "../../../../src-main/adapters/machine/surroundings.ts";
import type { Device } from "../../../../src-main/contract/control-api/index.ts";

const FOLDER = join(import.meta.dirname, "../../../vectors/machine");

/** A machine as data. */
export interface KnownMachine {
  readonly machine: string;
  /** Whether it was written from documentation or read off a machine, and which. */
  readonly source: string;
  readonly cpu: string;
  readonly files: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
  /** Nodes that the account may open, and nodes that it may not. */
  readonly nodes: readonly string[];
  readonly closed: readonly string[];
  readonly nvidia: NvidiaAnswer | null;
  /** What systeminformation lists, on systems without a tree. */
  readonly controllers: readonly {
    readonly vendor: string;
    readonly model: string;
    readonly vram: number | null;
    readonly driverVersion?: string;
  }[];
  readonly expect: {
    readonly surroundings: readonly string[];
    readonly devices: readonly Partial<Device>[];
  };
}

/** Every machine, by the name of its file. */
export function knownMachines(): readonly (readonly [string, KnownMachine])[] {
  const names = readdirSync(FOLDER).sort((left, right) => (left < right ? -1 : 1));
  return names.map((name) => {
    const known = JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as KnownMachine;
    return [name.replace(".json", ""), known] as const;
  });
}

/** Lays out its tree below a root. */
export function layOut(root: string, known: KnownMachine): void {
  const place = (path: string) => {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    return at;
  };
  for (const [path, text] of Object.entries(known.files)) writeFileSync(place(path), `${text}\n`);
  for (const [path, target] of Object.entries(known.links)) symlinkSync(target, place(path));
  for (const path of [...known.nodes, ...known.closed]) writeFileSync(place(path), "");
  for (const path of known.nodes) chmodSync(join(root, path), 0o666);
  for (const path of known.closed) chmodSync(join(root, path), 0o000);
}

/** An account that is not the files' owner. */
const ACCOUNT = { uid: (process.getuid?.() ?? 0) + 1_000, gids: [1_000_000] };

/** Its devices without the CPU, and what it runs in, as they are said. */
export function said(root: string, known: KnownMachine): KnownMachine["expect"] {
  const reading = readMachine(root, ACCOUNT);
  const shown = known.controllers.map(({ vendor, model, vram, driverVersion = null }) => {
    const memoryBytes = vram === null ? null : vram * 1_048_576;
    return { vendor, model, memoryBytes, driver: driverVersion };
  });
  const machine = {
    system: "Linux",
    cpuName: known.cpu,
    coresPhysical: 8,
    coresLogical: 16,
    coresAvailable: 16,
    memoryBytes: 34_359_738_368,
    surroundings: surroundingsWords(reading.surroundings),
  };
  const inventory = {
    machine,
    gpus: joinGpus(reading, known.nvidia, shown),
    others: otherDevices(reading, known.cpu),
    closed: reading.closed,
    incomplete: [],
  };
  const engine = { engine: "native-cpu", variant: "avx2", exact: true, reason: null } as const;
  const [, ...described] = describeDevices(inventory, engine);
  // The files belong to whoever runs the test.
  const devices = described.map((device) => ({
    ...device,
    why: device.why.replace(/\(\S+, mode/u, "(owner, mode"),
  }));
  return { surroundings: machine.surroundings, devices };
}
