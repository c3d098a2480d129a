/** Decides how devices are listed in a terminal: facts in a row, then what stands in the way. */

import type { Device, Devices } from "../../contract/control-api/index.ts";
import { formatBytes, formatNumberOf } from "../../contract/units.ts";
import { pairs, table } from "./table.ts";

const USE_WORDS: Readonly<Record<Device["use"], string>> = {
  "in-use": "in use",
  usable: "usable",
  "not-usable": "idle",
};

const KIND_WORDS: Readonly<Record<Device["kind"], string>> = {
  cpu: "CPU",
  gpu: "GPU",
  tpu: "TPU",
  npu: "NPU",
  coral: "Coral",
  other: "other",
};

/** The machine, a table of its devices, and a paragraph for each. */
export function deviceLines({ machine, devices }: Devices): string[] {
  const cores = formatNumberOf(machine.coresPhysical, "core", "cores");
  const threads = formatNumberOf(machine.coresAvailable, "thread", "threads");
  const memory = formatBytes(machine.memoryBytes);
  const lines = [`${machine.system}: ${cores}, ${threads} usable here, ${memory} memory`];
  if (machine.surroundings.length > 0) lines.push(`Runs in: ${machine.surroundings.join(", ")}`);
  const rows = devices.map((device) => [
    device.id,
    KIND_WORDS[device.kind],
    device.memoryBytes === null ? "–" : formatBytes(device.memoryBytes),
    device.driver ?? "–",
    device.pciId ?? "–",
    USE_WORDS[device.use],
  ]);
  lines.push("", ...table(["id", "kind", "memory", "driver", "place", "use"], rows, [2]));
  for (const device of devices) lines.push("", ...paragraph(device));
  return lines;
}

function paragraph(device: Device): string[] {
  const { id, name, engine, variant, exact, why, next, uuid } = device;
  const facts: (readonly [string, string])[] = [];
  if (engine !== null) {
    const isExact = exact === true ? ", exact" : "";
    facts.push(["engine", `${engine} (${variant ?? ""})${isExact}`]);
  }
  if (uuid !== null) facts.push(["uuid", uuid]);
  facts.push(["here", why]);
  if (next !== null) facts.push(["next", next]);
  return [
    `${id}  ${name}: ${USE_WORDS[device.use]}`,
    ...pairs(facts).map((line) => `     ${line}`),
  ];
}
