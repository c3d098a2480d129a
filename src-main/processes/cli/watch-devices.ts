/** `vivian devices --watch`: what every device says, drawn anew each second until Ctrl-C. */

import type { ControlClient } from "../../api/index.ts";
import type { TelemetryNow, WatchedSample } from "../../contract/control-api/index.ts";
import { formatBytes, formatPercent, formatRate } from "../../contract/units.ts";
import { need } from "./failure.ts";
import type { Session } from "./session.ts";
import { table } from "./table.ts";

const EVERY_MS = 1_000;

/** What stands where a device tells nothing. */
const NOTHING = "–";

const HEADING = ["device", "busy", "memory", "°C", "fan", "MHz", "watts", "limit", "slowed by"];

/** The table of a moment: a line for each device, its name and source under the table. */
export function watchLines({ devices }: TelemetryNow): string[] {
  const rows = devices.map(({ id, sample }) => [id, ...cells(sample)]);
  const right = HEADING.map((_, column) => column).slice(1, -1);
  const names = devices.flatMap(({ id, name, source, notes = [], sample }) => [
    `${id}: ${name} (${source})`,
    ...(sample?.heat ?? []).map(heatLine),
    ...notes.map((note) => `     ${note}`),
  ]);
  return [...table(HEADING, rows, right), "", ...names];
}

function cells(sample: WatchedSample | null): string[] {
  if (sample === null) return HEADING.slice(1).map(() => NOTHING);
  const { utilisation, memoryUsedBytes, memoryTotalBytes, celsius, fan, clockMhz } = sample;
  const used = told(memoryUsedBytes, formatBytes);
  const memory = memoryTotalBytes === null ? used : `${used} of ${formatBytes(memoryTotalBytes)}`;
  return [
    told(utilisation, (share) => formatPercent(share, 0)),
    memory,
    told(celsius, (value) => value.toFixed(0)),
    told(fan, (share) => formatPercent(share, 0)),
    told(clockMhz, (value) => value.toFixed(0)),
    told(sample.watts, formatRate),
    told(sample.limitWatts, (value) => value.toFixed(0)),
    sample.throttle.length === 0 ? NOTHING : sample.throttle.join(", "),
  ];
}

/** "     junction 92 °C of at most 110 °C"; the edge stands in the table already. */
function heatLine({ place, celsius, limitCelsius }: HeatOfSample): string {
  const limit = limitCelsius === null ? "" : ` of at most ${limitCelsius.toFixed(0)} °C`;
  return `     ${place} ${celsius.toFixed(0)} °C${limit}`;
}

type HeatOfSample = NonNullable<WatchedSample["heat"]>[number];

function told(value: number | null, words: (value: number) => string): string {
  return value === null ? NOTHING : words(value);
}

/** Shows it until asked to leave: drawn over itself on a terminal, else one after the other. */
export async function watchDevices(
  session: Session,
  client: ControlClient,
  signal: AbortSignal,
): Promise<void> {
  let drawn = 0;
  while (!signal.aborted) {
    const now = need(await client.call("telemetry.now", {}));
    if (session.json) process.stdout.write(`${JSON.stringify(now)}\n`);
    else {
      const lines = watchLines(now);
      // Up to where the last table began, and away with what is below.
      if (process.stdout.isTTY && drawn > 0) process.stdout.write(`\u001B[${drawn}A\u001B[J`);
      process.stdout.write(`${lines.join("\n")}\n`);
      drawn = lines.length;
    }
    await pause(EVERY_MS, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      // It is called each second, as long as somebody watches.
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
