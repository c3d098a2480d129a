/**
 * `vivian start`: everything in one command. Uses the folder's daemon or starts one, has work done
 * when none is in progress, shows it, and says at the end what was paid and where the proof is.
 */

import type { Command } from "commander";

import type { ControlClient } from "../../api/index.ts";
import type { Device, Status, UnitResult } from "../../contract/control-api/index.ts";
import { formatCount } from "../../contract/units.ts";
import { attach, detach, reasonOf } from "./attach.ts";
import type { Attached } from "./attach.ts";
import { CommandFailure, need } from "./failure.ts";
import { followUnit, needPaid } from "./follow.ts";
import { untilAskedToLeave } from "./leaving.ts";
import { startWindow, wantsWindow } from "./open-window.ts";
import { openSession, say } from "./session.ts";
import type { Session } from "./session.ts";

/** The job that the reference engine can do in minutes, and the one it stands in for. */
const QUICK_JOB = "digits-tiny";
const USUAL_JOB = "digits-cnn";

interface StartOptions {
  readonly json?: boolean;
  readonly once?: boolean;
  readonly window: boolean;
}

/** Adds the verb. */
export function addStart(program: Command): void {
  program
    .command("start")
    .description("train, have it checked, be paid: everything in one command")
    .option("--once", "end after the first paid job")
    .option("--no-window", "open no window where there is a display")
    .option("--json", "with --once: answer with the unit's result as JSON")
    .addHelpText("after", "\nExamples:\n  vivian start           stays until Ctrl-C")
    .addHelpText("after", "  vivian start --once    ends after the first paid job, exit code 0")
    .action((options: StartOptions) => untilAskedToLeave((signal) => start(options, signal)));
}

async function start(options: StartOptions, signal: AbortSignal): Promise<void> {
  const session = openSession(options);
  const attached = await attach(session);
  const closeWindow = openWindow(session, options);
  let ended = false;
  attached.client.onClose(() => (ended = true));
  try {
    await work(session, attached, options.once === true, signal);
  } catch (error) {
    throw await reasonOf(error, attached);
  } finally {
    closeWindow?.();
    // A daemon that has gone cannot be asked to go.
    if (!ended) await detach(attached);
  }
  if (!signal.aborted || options.once === true) return;
  say(session, goodbye(attached));
}

/** Opens the window where somebody can see it; answers how to close it, or null. */
function openWindow(session: Session, options: StartOptions): (() => void) | null {
  const isPassing = options.once === true || session.json;
  const { platform, env: environment } = process;
  if (!wantsWindow({ isWanted: options.window, isPassing, platform, environment })) return null;
  // The line of progress is written over; ours begins on a clean one.
  const clean = process.stdout.isTTY ? "\r\x1b[K" : "";
  return startWindow(session.folder.home, (line) => say(session, `${clean}${line}`));
}

function goodbye({ started }: Attached): string {
  if (started === null) return "Left; the daemon goes on. `vivian stop` ends it.";
  return "Stopped. Work in hand goes on at the next start.";
}

async function work(
  session: Session,
  attached: Attached,
  once: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { client } = attached;
  const before = need(await client.call("status", {}));
  const known = new Set<string>();
  if (before.lastResult !== null) known.add(before.lastResult.unit);
  await greet(session, attached, before);
  // Whoever leaves while the daemon starts wants no new job.
  const name = signal.aborted ? QUICK_JOB : await haveWork(session, client, before);
  for (;;) {
    const result = await followUnit(session, client, known, signal);
    if (result === null) {
      if (once) throw new CommandFailure({ code: "PROCESSES_INTERRUPTED" });
      return;
    }
    known.add(result.unit);
    if (once) {
      if (session.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      needPaid(result);
      return;
    }
    sayIdle(session, result, name);
  }
}

async function greet(session: Session, attached: Attached, status: Status): Promise<void> {
  const note = status.valueNote === "" ? "" : ", rewards have no value";
  say(session, `VIVIAN Miner ${status.version}, ${status.network} network${note}`);
  const how = attached.started === null ? "using the running daemon" : "daemon started";
  say(session, `Folder ${status.home}, ${how}`);
  if (status.page !== undefined) {
    say(session, `Page ${status.page}, open it with \`vivian open\``);
  }
  const { devices } = need(await attached.client.call("devices", {}));
  for (const device of devices) say(session, deviceLine(device));
}

function deviceLine(device: Device): string {
  if (device.engine === null) return `Device ${device.id}: ${device.name}. ${device.why}`;
  return `Device ${device.id}: ${device.name}, ${device.engine} (${device.variant ?? ""})`;
}

/** Submits the folder's first job unless one is in progress, and takes on work. */
async function haveWork(session: Session, client: ControlClient, status: Status): Promise<string> {
  if (status.mine.state === "failed") {
    const { code, facts } = status.mine;
    throw new CommandFailure({ code: code ?? "API_INTERNAL", facts });
  }
  if (status.mine.state === "paused") need(await client.call("mine.start", {}));
  const inProgress = status.mine.unit !== null || status.jobsOpen > 0;
  const name = await firstJob(session, client, status, !inProgress);
  if (inProgress) {
    say(session, "Going on with the job in progress.");
    return name;
  }
  const { slot } = need(await client.call("job.submit", { name }));
  say(session, `Job ${name} submitted, record slot ${formatCount(slot)}`);
  return name;
}

/** The reference engine would need hours for the usual job, so a small one takes its place. */
async function firstJob(
  session: Session,
  client: ControlClient,
  status: Status,
  isSubmitted: boolean,
): Promise<string> {
  const { first } = session.config.jobs;
  if (status.mine.engine !== "reference" || first !== USUAL_JOB) return first;
  if (!isSubmitted) return QUICK_JOB;
  const { devices } = need(await client.call("devices", {}));
  const next = devices.find((device) => device.kind === "cpu")?.next ?? "";
  say(session, `The native engine is not here, so ${QUICK_JOB} is trained instead. ${next}`.trim());
  return QUICK_JOB;
}

function sayIdle(session: Session, result: UnitResult, name: string): void {
  const voided = result.outcome === "voided" ? ` (${result.code ?? "no code"})` : "";
  say(session, `Idle${voided}. Another one: \`vivian job submit ${name}\`. Ctrl-C stops.`);
}
