/**
 * Decides what the doctor says of a PJRT plugin, the way to TPUs: its devices, whether the exact
 * int8 product is exact on the first of them, and what cannot be done through it.
 */

import { PJRT_LIMIT, askPjrtPlugin } from "../../adapters/pjrt/index.ts";
import type { PjrtQuestion, PjrtReport } from "../../adapters/pjrt/index.ts";
import { formatBytes } from "../../contract/units.ts";
import { attention, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

const CHECK = "PJRT plugin";

/** The plugin would take most of a GPU's memory at once; other plugins have no such setting. */
const GPU_SETTINGS = { preallocate: "false" } as const;

/** What to do at each stage at which asking can end. */
const NEXT: Readonly<Record<string, string>> = {
  helper: "Install g++, make and python3, then npm run setup.",
  load: "Give the path of libtpu.so or of another PJRT plugin; pip install libtpu brings one.",
  version: "Install a plugin of the PJRT 0.x interface.",
  client: "End the process that holds the chip: one process owns it. Then ask again.",
  devices: "Hand the device to this account or container; vivian devices says how.",
};

/** Asks the plugin in a process of its own. */
export async function checkPjrt(
  plugin: string,
  ask: (question: PjrtQuestion) => Promise<PjrtReport> = askPjrtPlugin,
): Promise<readonly Finding[]> {
  const settings = /cuda|rocm|gpu/iu.test(plugin) ? GPU_SETTINGS : {};
  const report = await ask({ plugin, ask: "product", settings });
  const { devices, products, exact, failure } = report;
  const listed = devices.map(({ id, name, memoryBytes }) => {
    const memory = memoryBytes === null ? "" : `, ${formatBytes(memoryBytes)} for programs`;
    return ok(CHECK, `device ${id}: ${name}${memory}`);
  });
  const { platform, api, version } = report.plugin ?? {};
  const head =
    report.plugin === null ? [] : [ok(CHECK, `${platform} (${version}), interface ${api}`)];
  const verdicts = [
    ...(exact === true ? [ok(CHECK, `int8 product exact in ${products.length} shapes`)] : []),
    ...(exact === false
      ? [attention(CHECK, "its int8 product is not exact", "Update the plugin and its driver.")]
      : []),
    ...(failure === null
      ? []
      : [
          attention(
            CHECK,
            `${failure.stage}: ${failure.message}`,
            NEXT[failure.stage] ?? "Update the plugin and its driver, then ask again.",
          ),
        ]),
  ];
  return [...head, ...listed, ...verdicts, ok(CHECK, PJRT_LIMIT)];
}
