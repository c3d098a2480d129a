/** Decides whether this Node and the native engine are fit to train. */

import { availableParallelism } from "node:os";

import { nativeBackends } from "../../adapters/native-engine/index.ts";
import { probeEngine } from "../daemon/choose-engine.ts";
import { attention, fault, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Oldest Node that runs the sources as they are; set-up fetches a newer one where it must. */
const NODE_OLDEST = { major: 24, minor: 15 };

const REBUILD = "Run `npm run setup`; it names the compiler package that is missing.";

/** The Node that runs us. */
export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const { major: oldest, minor: least } = NODE_OLDEST;
  if (major > oldest || (major === oldest && minor >= least)) return ok("Node", version);
  const next = "Start through `vivian` or `npm start`, which bring a fitting Node.";
  return fault("Node", `${version} is older than ${oldest}.${least}`, next);
}

/** Whether the addon loads, which level it uses and whether every op is exact. */
export async function checkEngine(): Promise<readonly Finding[]> {
  const probe = nativeBackends();
  if (!probe.available || process.env["VIVIAN_ADDON"] === "absent") {
    const reason = probe.available ? "the last build failed" : probe.fault.message;
    const { cpu } = await probeEngine("wasm", 1);
    return [
      attention("native engine", `absent (${reason})`, REBUILD),
      cpu.exact
        ? ok("engine", `WebAssembly, ${cpu.variant}: exact, some three times slower than native`)
        : attention("engine", `the reference, some fifty times slower (${cpu.reason})`, REBUILD),
    ];
  }
  const level = probe.levels.at(-1) ?? "scalar";
  const levels = `${level} (of ${probe.levels.join(", ")})`;
  const speed =
    level === "scalar"
      ? attention("vector level", levels, "A processor with AVX2 or newer is several times faster.")
      : ok("vector level", levels);
  const { cpu: engine } = await probeEngine("native-cpu", availableParallelism());
  if (engine.exact) {
    const exact = "every op gives the reference's bytes";
    const next = `${REBUILD} If it stays so, report it: a slower variant works meanwhile.`;
    return [
      ok("native engine", engine.variant),
      speed,
      engine.reason === null
        ? ok("self check", exact)
        : attention("self check", `${exact}; left out: ${engine.reason}`, next),
    ];
  }
  const next = `${REBUILD} If it stays so, this processor must not earn: report it.`;
  return [
    ok("native engine", "loads"),
    speed,
    fault("self check", engine.reason ?? "it did not end", next),
  ];
}
