/**
 * A reader process: asks the drivers of graphics cards and sensors once a second. A driver that
 * hangs holds this process and nothing else; the daemon ends it and begins another.
 */

import { openDriverDevices } from "../adapters/telemetry/index.ts";
import type { DriverDevice } from "../adapters/telemetry/index.ts";
import { checkAskLimit, checkBeginReading } from "./daemon/telemetry/reader-messages.ts";
import type { AskLimit, BeginReading, ReaderTold } from "./daemon/telemetry/reader-messages.ts";
import type { FileLimit, LimitAnswer } from "../ports/power-limit.ts";
import { openParentPort } from "./parent-port.ts";

const EVERY_MS = 1_000;

const port = openParentPort();
let started = false;
let devices: readonly DriverDevice[] = [];
port.onMessage((message) => {
  const asked = checkAskLimit(message);
  if (asked !== null) return tellLimit(asked);
  const begin = checkBeginReading(message);
  if (begin === null || started) return;
  started = true;
  read(begin);
});

function read({ ids, without, system, processes }: BeginReading): void {
  const byPlace = new Map(ids);
  devices = openDriverDevices({
    roots: { system, processes },
    idAt: (place) => byPlace.get(place) ?? null,
    without,
    opening: (id) => tell({ kind: "opening", id }),
  });
  tell({
    kind: "devices",
    devices: devices.map(({ id, name, source, notes = [], cap }) => ({
      id,
      name,
      source,
      notes,
      ...(cap === undefined ? {} : { powerLimit: limitWords(cap) }),
    })),
  });
  if (devices.length === 0) return;
  setInterval(() => {
    // Each is told before the next is asked: who hangs is who follows the last that was heard of.
    devices.forEach((device, index) => tell({ kind: "sample", index, sample: device.sample() }));
  }, EVERY_MS);
}

/** What of a limit crosses to the daemon. */
function limitWords({ key, file, leastWatts }: FileLimit): FileLimit {
  return { key, file, leastWatts };
}

const NO_LIMIT: LimitAnswer = {
  outcome: "not-supported",
  why: "it shows no limit",
  before: null,
  now: null,
};

function tellLimit({ ask, id, wish }: AskLimit): void {
  const cap = devices.find((device) => device.id === id)?.cap;
  // Named first: a driver that hangs here is this device's.
  tell({ kind: "opening", id });
  tell({ kind: "limit", ask, answer: cap?.limit(wish) ?? NO_LIMIT });
}

function tell(told: ReaderTold): void {
  port.send(told);
}
