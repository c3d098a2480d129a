/** `vivian doctor`: looks at everything the program needs, and says how to mend what is wrong. */

import type { Command } from "commander";

import type { GraphicsEngine } from "../../adapters/machine/index.ts";
import { Fault } from "../../contract/outcome.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { dataFolder, dataHome } from "../config/data-folder.ts";
import { configOfHome, configSource } from "../config/load-config.ts";
import { probeCuda } from "../daemon/probe-cuda.ts";
import { probeGraphics } from "../daemon/probe-graphics.ts";
import { checkClock, watchClock } from "../doctor/check-clock.ts";
import { checkSpace, checkSync } from "../doctor/check-disk.ts";
import { checkFolder, checkKeys } from "../doctor/check-folders.ts";
import { checkDevices } from "../doctor/check-devices.ts";
import { graphicsFindings } from "../doctor/check-graphics.ts";
import { checkPayout, payoutOfDaemon } from "../doctor/check-payout.ts";
import { checkPjrt } from "../doctor/check-pjrt.ts";
import { checkDaemon, checkStopped } from "../doctor/check-ledger.ts";
import type { LedgerFindings } from "../doctor/check-ledger.ts";
import { checkEngine, checkNode } from "../doctor/check-program.ts";
import { checkSearch } from "../doctor/check-search.ts";
import { checkSignatures } from "../doctor/check-signatures.ts";
import { faultOf, ok } from "../doctor/finding.ts";
import type { Finding } from "../doctor/finding.ts";
import { CommandFailure } from "./failure.ts";
import { asTyped } from "./own-command.ts";
import { connectTo } from "./session.ts";

/** Adds the verb. */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("look at what the program needs here, and say how to mend what is wrong")
    .option("--pjrt <plugin>", "also ask this PJRT plugin, such as libtpu.so, for its devices")
    .option("--json", "answer as JSON")
    .action(async (options: { json?: boolean; pjrt?: string }) => {
      const findings = await examine(options.pjrt);
      const faults = findings.filter(({ verdict }) => verdict === "fault");
      const document = { ok: faults.length === 0, findings };
      const text =
        options.json === true
          ? JSON.stringify(document, null, 2)
          : findingLines(findings)
              .map((line) => asTyped(line))
              .join("\n");
      process.stdout.write(`${text}\n`);
      if (faults.length === 0) return;
      const facts = { faults: faults.map(({ check }) => check).join(", ") };
      throw new CommandFailure({ code: "PROCESSES_DOCTOR", facts }, { answered: true });
    });
}

/** Looks at everything; one thing that is wrong does not hide the next. */
async function examine(plugin: string | undefined): Promise<readonly Finding[]> {
  const home = dataHome();
  const { file } = configSource(home);
  const config = configOfHome(home);
  const folder = dataFolder(home, config.ok ? config.value.network : "practice");
  const settings = config.ok
    ? ok("settings", file)
    : faultOf("settings", new Fault(config.rejection.code, file));
  const watch = watchClock();
  const ledger = await lookAtLedger(folder);
  return [
    checkNode(),
    ...(await checkEngine()),
    ...graphicsFindings(await graphicsDevices()),
    ...(await checkDevices()),
    ...(plugin === undefined ? [] : await checkPjrt(plugin)),
    await checkSignatures(),
    await checkSearch(),
    settings,
    checkFolder(folder),
    checkKeys(folder),
    checkSpace(folder),
    checkSync(folder),
    ...ledger.findings,
    ...(config.ok ? [checkPayout(config.value, folder, ledger.payout)] : []),
    checkClock(await watch, ledger.lastCommitMs),
  ];
}

/** Adapters, and the device of NVIDIA's own driver where there is one. */
async function graphicsDevices(): Promise<readonly GraphicsEngine[]> {
  const cuda = await probeCuda("", null);
  return [...(cuda === undefined ? [] : [cuda.graphics]), ...(await probeGraphics())];
}

async function lookAtLedger(
  folder: DataFolder,
): Promise<LedgerFindings & { readonly payout: Uint8Array | null }> {
  const client = await connectTo(folder);
  if (client === null) return { ...(await checkStopped(folder)), payout: null };
  try {
    return { ...(await checkDaemon(client)), payout: await payoutOfDaemon(client) };
  } finally {
    client.close();
  }
}

const WORDS = { ok: "ok", attention: "attention", fault: "FAULT" } as const;

/** The findings for people: verdict, what was looked at, what is so, and how to mend it. */
export function findingLines(findings: readonly Finding[]): string[] {
  const widest = Math.max(...findings.map(({ check }) => check.length));
  const lines: string[] = [];
  for (const { check, verdict, text, next } of findings) {
    lines.push(`${WORDS[verdict].padEnd(9)}  ${check.padEnd(widest)}  ${text}`);
    if (next !== null) lines.push(`${" ".repeat(11)}${" ".repeat(widest)}  ${next}`);
  }
  const counts = { attention: 0, fault: 0 };
  for (const { verdict } of findings) if (verdict !== "ok") counts[verdict] += 1;
  if (counts.fault > 0) lines.push(`At fault: ${counts.fault}.`);
  else lines.push(counts.attention > 0 ? "Nothing is at fault." : "All is well.");
  return lines;
}
