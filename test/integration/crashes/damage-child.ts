/**
 * A process that damages one file after another of a data folder, checks and starts what reads it,
 * and writes a line for each. Arguments: home; damages as JSON come on standard input.
 */

import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { openBlobFiles } from "../../../src-main/adapters/blobs/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { rejectionOf } from "../../../src-main/api/index.ts";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import { openJob, startState } from "../../../src-main/miner/job/job-program.ts";
import type { MinerNeeds } from "../../../src-main/miner/needs.ts";
import { resumeUnit } from "../../../src-main/miner/worker/resume-unit.ts";
import { nextAction } from "../../../src-main/miner/unit/next-action.ts";
import { UnitDuties } from "../../../src-main/miner/unit/unit-duties.ts";
import { UnitFiles } from "../../../src-main/miner/unit/unit-files.ts";
import { newUnitStatus } from "../../../src-main/miner/unit/unit-status.ts";
import { chainStart } from "../../../src-main/learning/index.ts";
import type { UnitRow } from "../../../src-main/ledger/index.ts";
import { stateRoot } from "../../../src-main/engine/index.ts";
import type { Log } from "../../../src-main/ports/log.ts";
import { checkReceipt, readKeptReceipt } from "../../../src-main/processes/cli/check-receipt.ts";
import { dataFolder } from "../../../src-main/processes/config/data-folder.ts";
import { loadConfig } from "../../../src-main/processes/config/load-config.ts";
import { openNetwork } from "../../../src-main/processes/daemon/founding.ts";
import { openLedger } from "../../../src-main/processes/daemon/open-ledger.ts";
import { UnitResults } from "../../../src-main/processes/daemon/unit-results.ts";
import { verifyStored } from "../../../src-main/processes/daemon/verify-stored.ts";
import type { Damage, Finding, Look } from "./damages.ts";
import { damaged } from "./damages.ts";
import { toldUnits } from "./told-jobs.ts";

const home = process.argv[2];
const folder = dataFolder(home, "practice");
const kept = join(home, "..", "kept-ledger");
const damages = JSON.parse(readFileSync(0, "utf8")) as readonly Damage[];
if (!existsSync(kept)) cpSync(folder.ledger, kept, { recursive: true });
// Told while all is whole: the unit that is half trained.
const open = (await toldUnits(folder)).find(({ paid }) => paid.length === 0);

const noLog = { info: () => {}, warn: () => {}, error: () => {} };
const results = new Map(
  readdirSync(folder.results).map((name) => {
    const unit = basename(name, ".json");
    return [unit, new UnitResults(folder.results, noLog).get(unit)];
  }),
);

/** "ok" with what was found, or the code and its facts. */
async function outcomeOf(look: () => Promise<object> | object): Promise<Look> {
  try {
    return { ok: true, ...(await look()) };
  } catch (error) {
    return { ok: false, ...rejectionOf(error) };
  }
}

async function start(): Promise<object> {
  const needs = {
    hasher: nativeSha256,
    clock: { nowMs: () => Date.now(), after: () => () => {} },
    entropy: { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) },
  };
  const opened = await openLedger(
    folder,
    () => openNetwork(folder, needs),
    noLog,
    () => {},
  );
  const { size } = opened.node.head();
  for (const { stop } of [...opened.stops].reverse()) await stop();
  return { slots: Number(size) };
}

function told(outcome: { ok: boolean; value?: unknown; rejection?: object }): object {
  return outcome.ok ? {} : { ok: false, ...outcome.rejection };
}

function resumed(): object {
  if (open === undefined) throw new Error("the folder holds a unit that is half trained");
  const { unit, job, spec } = open;
  const jobProgram = openJob(nativeSha256, spec);
  const root = stateRoot(nativeSha256, jobProgram.program, startState(jobProgram));
  const startRoot = Uint8Array.from(root);
  const names = { specificationHash: jobProgram.specificationHash, job, round: 0, shard: 0 };
  const files = new UnitFiles(nativeSha256, join(folder.units, Buffer.from(unit).toString("hex")));
  const { headers } = resumeUnit(nativeSha256, files.folder, {
    unit,
    jobProgram,
    startRoot,
    chainStart: chainStart(nativeSha256, { ...names, startRoot }),
  });
  return { segments: headers.length };
}

/** What a unit does at a start, in the phase that needs the file and nothing else can give it. */
async function goesOn(phase: "sealed" | "opened"): Promise<object> {
  if (open === undefined) throw new Error("the folder holds a unit that is half trained");
  const { unit, job, spec } = open;
  // Only its files are looked at: no record is sent, nothing is forked.
  const origin = { unit, spec, jobName: "", row: {} };
  const unitFolder = join(folder.units, Buffer.from(unit).toString("hex"));
  const duties = new UnitDuties(
    origin as unknown as ConstructorParameters<typeof UnitDuties>[0],
    newUnitStatus(unit, job, "", spec),
    { unitFolder } as unknown as ConstructorParameters<typeof UnitDuties>[2],
    { hasher: nativeSha256, log: noLog } as unknown as MinerNeeds,
    () => {},
  );
  const action = nextAction(phase, { worker: true, verifier: true }, duties.holdings());
  if (action === "wait" || action === "end") return { waits: true };
  if (action === "reveal" || action === "open-verdict") return { found: true };
  return await duties.perform(action, origin.row as UnitRow);
}

/** A result's code stands in the log; its reader is answered as if there was none. */
function keptResult(file: string): object {
  let code: unknown;
  const log = { ...noLog, warn: (_: string, facts?: { code?: unknown }) => (code = facts?.code) };
  const unit = basename(file, ".json");
  const result = new UnitResults(folder.results, log as Log).get(unit);
  if (result === null) return { ok: false, code };
  return { same: JSON.stringify(result) === JSON.stringify(results.get(unit)) };
}

async function look({ kind, file }: Damage): Promise<readonly Look[]> {
  switch (kind) {
    case "config":
      return [await outcomeOf(() => told(loadConfig(folder.config)))];
    case "receipt": {
      const slot = Number(/(\d+)\.receipt$/.exec(file)?.[1]);
      const bytes = () => readKeptReceipt(folder, slot) ?? new Uint8Array(0);
      return [await outcomeOf(() => told(checkReceipt(folder, slot, bytes())))];
    }
    case "blob": {
      const blobs = openBlobFiles(folder.blobs, nativeSha256);
      const hash = hexToBytes(file.slice(-64));
      return [await outcomeOf(async () => ({ found: (await blobs.get(hash)) !== undefined }))];
    }
    case "checkpoint":
      return [await outcomeOf(resumed)];
    case "result":
      return [await outcomeOf(() => keptResult(file))];
    case "work":
      return [await outcomeOf(() => goesOn("sealed"))];
    case "verdict":
      return [await outcomeOf(() => goesOn("opened"))];
    case "keys":
      return [await outcomeOf(start)];
    default: {
      const verify = await outcomeOf(async () => {
        const report = await verifyStored(folder, "nobody");
        if (!report.ok) return told(report);
        const { ok, code, facts, slots } = report.value;
        return ok ? { slots } : { ok, code, facts };
      });
      return [verify, await outcomeOf(start)];
    }
  }
}

for (const damage of damages) {
  const path = join(home, damage.file);
  const whole = readFileSync(path);
  writeFileSync(path, damaged(whole, damage));
  const looks = await look(damage);
  const line: Finding = { damage, looks };
  writeSync(1, `${JSON.stringify(line)}\n`);
  writeFileSync(path, whole);
  if (!damage.file.includes("/ledger/") && damage.kind !== "genesis") continue;
  rmSync(folder.ledger, { recursive: true });
  cpSync(kept, folder.ledger, { recursive: true });
}
process.exit(0);
