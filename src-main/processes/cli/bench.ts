/** `vivian bench`: how fast each device trains here, and whether it is exact; a few seconds. */

import { availableParallelism } from "node:os";

import type { Command } from "commander";

import { formatRate } from "../../contract/units.ts";
import { benchDevices } from "./bench-devices.ts";
import type { DeviceBench, MachineBench } from "./bench-devices.ts";
import { CommandFailure } from "./failure.ts";
import { answer, openSession, say } from "./session.ts";

/** Adds the verb. */
export function addBench(program: Command): void {
  program
    .command("bench")
    .description("measure how fast each device trains here, and whether it is exact")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const session = openSession(options);
      say(session, "Measuring, a few seconds. Other work on this machine makes figures smaller.");
      const { threads } = session.config.mining;
      const bench = await benchDevices(threads === 0 ? availableParallelism() : threads);
      answer(session, bench, benchLines(bench));
      const wrong = bench.devices.find(({ wrongOps }) => wrongOps.length > 0);
      if (wrong === undefined) return;
      const facts = { device: wrong.device, ops: wrong.wrongOps.join(", ") };
      throw new CommandFailure({ code: "MINER_NOT_EXACT", facts }, { answered: true });
    });
}

/** The figures for people. */
export function benchLines(bench: MachineBench): string[] {
  const lines: string[] = [];
  for (const device of bench.devices) lines.push(...deviceLines(device), "");
  if (bench.nativeAbsent !== null) {
    lines.push(`No native engine: ${bench.nativeAbsent}; \`vivian doctor\` says how to mend it.`);
  }
  if (bench.memoryBytesPerSecond !== null) {
    const rate = (bench.memoryBytesPerSecond / 1e9).toFixed(1);
    lines.push(`Memory: ${rate} GB/s, one thread`);
  }
  return lines;
}

function deviceLines({ device, name, engine, variant, wrongOps, rates }: DeviceBench): string[] {
  const isExact = wrongOps.length === 0;
  const exact = isExact ? "exact" : `not exact here: op ${wrongOps.join(", ")}`;
  const lines = [`${device}  ${name}: ${engine} (${variant}), ${exact}`];
  if (rates === null) return lines;
  for (const { profile, size, gops } of rates.products) {
    lines.push(`     product ${profile}, ${size} × ${size}: ${gops.toFixed(1)} GOP/s`);
  }
  for (const { step, batchSize, stepsPerSecond } of rates.steps) {
    const rate = formatRate(stepsPerSecond);
    lines.push(`     training step ${step}, batch ${batchSize}: ${rate} steps/s`);
  }
  return lines;
}
