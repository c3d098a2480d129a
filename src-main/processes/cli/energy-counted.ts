/** `vivian energy now|hours|units|sources`: what the daemon counted, as it says it. */

import type { Command } from "commander";
import { InvalidArgumentError } from "commander";

import { ENERGY_STEPS } from "../../contract/control-api/index.ts";
import { capLines } from "./rules-lines.ts";
import { hourLines, nowLines, sourceLines, unitLines } from "./energy-lines.ts";
import { need } from "./failure.ts";
import { readCount, readWithin } from "./read-number.ts";
import { answer, openSession, withDaemon } from "./session.ts";

const HOUR_MS = 3_600_000;
/** Rows of an answer allow a month of hours. */
const HOURS_MAX = 744;

interface HoursOptions {
  readonly json?: boolean;
  readonly last: number;
  readonly step: (typeof ENERGY_STEPS)[number];
}

/** Adds the verbs under `energy`. */
export function addEnergyCounted(energy: Command): void {
  energy
    .command("now")
    .description("show watts now, today's energy, and how each meter does")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const now = need(await client.call("energy.now", {}));
        const { caps } = need(await client.call("rules.state", {}));
        const kept = caps.flatMap(capLines);
        const lines = [...nowLines(now), ...(kept.length === 0 ? [] : ["", ...kept])];
        answer(session, { ...now, caps }, lines);
      });
    });
  energy
    .command("hours")
    .description("show energy by the hour: load, what was matched, coverage, cost")
    .option("--last <hours>", "how many hours back", readWithin("span", SPAN), 24)
    .option("--step <seconds>", "length of a row: 300, 900, 1800, 3600 or 86400", readStep, 3_600)
    .option("--json", "answer as JSON")
    .action(async (options: HoursOptions) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const toMs = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
        const asked = { fromMs: toMs - options.last * HOUR_MS, toMs, step: options.step };
        const hours = need(await client.call("energy.hours", asked));
        answer(session, hours, hourLines(hours));
      });
    });
  energy
    .command("units")
    .description("show what units cost in energy and money, and what they brought")
    .option("--limit <count>", "how many, newest first", readCount, 20)
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean; limit: number }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const units = need(await client.call("energy.units", { limit: options.limit }));
        answer(session, units, unitLines(units));
      });
    });
  energy
    .command("sources")
    .description("show what is measured, how good it is, and what is missing")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const sources = need(await client.call("energy.sources", {}));
        answer(session, sources, sourceLines(sources));
      });
    });
}

const SPAN = { least: 1, most: HOURS_MAX };

function readStep(text: string): (typeof ENERGY_STEPS)[number] {
  const step = ENERGY_STEPS.find((one) => String(one) === text);
  if (step !== undefined) return step;
  throw new InvalidArgumentError(`A step is one of ${ENERGY_STEPS.join(", ")} seconds.`);
}
