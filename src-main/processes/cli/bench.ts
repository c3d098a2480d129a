/** `vivian bench`: how fast each device trains here, and whether it is exact. */

import { availableParallelism } from "node:os";

import { Option } from "commander";
import type { Command } from "commander";

import { BENCH_ENGINES } from "../bench/known-sources.ts";
import { benchDevices } from "./bench-devices.ts";
import { benchLines } from "./bench-lines.ts";
import { CommandFailure } from "./failure.ts";
import { answer, openSession, say } from "./session.ts";

interface BenchOptions {
  readonly all?: boolean;
  readonly engine?: readonly string[];
  readonly json?: boolean;
}

/** Adds the verb. */
export function addBench(program: Command): void {
  program
    .command("bench")
    .description("measure how fast each device trains here, and whether it is exact")
    .option("--all", "slower variants and float engines as well; takes a minute or more")
    .addOption(
      new Option("--engine <names...>", "only these ways of computing").choices(BENCH_ENGINES),
    )
    .option("--json", "answer as JSON")
    .action(async (options: BenchOptions) => {
      const session = openSession(options);
      say(session, "Measuring, up to a minute. Other work on this machine makes figures smaller.");
      const threads = session.config.mining.threads || availableParallelism();
      const engines = options.engine ?? BENCH_ENGINES;
      const wish = { threads, all: options.all === true };
      const onMeasure = (words: string): void => say(session, `  ${words}`);
      const bench = await benchDevices(wish, { engines, onMeasure });
      say(session, "");
      answer(session, bench, benchLines(bench));
      const wrong = bench.devices.find(({ wrongOps }) => wrongOps.length > 0);
      if (wrong === undefined) return;
      const facts = { device: wrong.device, ops: wrong.wrongOps.join(", ") };
      throw new CommandFailure({ code: "MINER_NOT_EXACT", facts }, { answered: true });
    });
}
