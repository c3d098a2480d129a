/** A process that keeps telemetry, tells each row once it is kept, and is killed meanwhile. */

import { openTelemetryStore } from "../../../../src-main/adapters/disk/telemetry-database.ts";
import { TELEMETRY_FIELDS } from "../../../../src-main/ports/telemetry-store.ts";

const [, , folder] = process.argv;
const { store } = openTelemetryStore(folder);
for (let row = 1_000_000; ; row += 1) {
  const mean = row % 97;
  const figure = { samples: 10, mean, least: mean, greatest: mean };
  await store.add([{ device: "cpu", level: 0, row, figures: TELEMETRY_FIELDS.map(() => figure) }]);
  process.send?.(row);
}
