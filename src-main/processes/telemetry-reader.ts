/**
 * A reader process: asks the drivers of graphics cards and sensors once a second. A driver that
 * hangs holds this process and nothing else; the daemon ends it and begins another.
 */

import { openDriverDevices } from "../adapters/telemetry/index.ts";
import { checkBeginReading } from "./daemon/telemetry/reader-messages.ts";
import type { BeginReading, ReaderTold } from "./daemon/telemetry/reader-messages.ts";
import { openParentPort } from "./parent-port.ts";

const EVERY_MS = 1_000;

const port = openParentPort();
let started = false;
port.onMessage((message) => {
  const begin = checkBeginReading(message);
  if (begin === null || started) return;
  started = true;
  read(begin);
});

function read({ ids, without, system, processes }: BeginReading): void {
  const byPlace = new Map(ids);
  const devices = openDriverDevices({
    roots: { system, processes },
    idAt: (place) => byPlace.get(place) ?? null,
    without,
    opening: (id) => tell({ kind: "opening", id }),
  });
  tell({
    kind: "devices",
    devices: devices.map(({ id, name, source, notes = [] }) => ({ id, name, source, notes })),
  });
  if (devices.length === 0) return;
  setInterval(() => {
    // Each is told before the next is asked: who hangs is who follows the last that was heard of.
    devices.forEach((device, index) => tell({ kind: "sample", index, sample: device.sample() }));
  }, EVERY_MS);
}

function tell(told: ReaderTold): void {
  port.send(told);
}
