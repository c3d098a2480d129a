/**
 * Decides how a command starts a daemon: as a process of its own, told apart from this terminal's
 * signals, that says by message when it is ready or why it is not. While the message channel is
 * open the daemon ends with its starter; `--detach` closes the channel and leaves it running.
 */

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome, Rejection } from "../../contract/outcome.ts";
import { folderFault, makeDataFolder } from "../config/data-folder.ts";
import type { DataFolder } from "../config/data-folder.ts";
import { readStartReport } from "../daemon/start-report.ts";

const DAEMON = fileURLToPath(new URL("../daemon.ts", import.meta.url));

/** The longest first start: keys, genesis and data set are made within seconds. */
const START_TIMEOUT_MS = 60_000;

/** A daemon that this command has started. */
export interface StartedDaemon {
  readonly child: ChildProcess;
  readonly socket: string;
  /** Why it ended by itself, once it has said so. */
  readonly refusal: () => Rejection | null;
}

/**
 * Starts a daemon and waits until it answers.
 * @rejects the daemon's own code, or PROCESSES_DAEMON_START when it ended without a word
 */
export function startDaemon(folder: DataFolder, detach: boolean): Promise<Outcome<StartedDaemon>> {
  makeDataFolder(folder);
  const output = join(folder.logs, "output.log");
  const child = forkDaemon(folder.home, output, detach);
  return new Promise((resolve) => {
    const settle = (outcome: Outcome<StartedDaemon>) => {
      clearTimeout(timer);
      child.removeAllListeners();
      release(child, outcome.ok && !detach);
      resolve(outcome);
    };
    const refuse = (reason: string) => settle(reject("PROCESSES_DAEMON_START", { reason, output }));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      refuse("it was not ready in time");
    }, START_TIMEOUT_MS);
    child.once("error", (error) => refuse(error.message));
    child.once("exit", (code, signal) => {
      const words = lastLine(output);
      refuse(words === "" ? (signal ?? `exit code ${code ?? "unknown"}`) : words);
    });
    child.once("message", (message) => {
      const report = readStartReport(message);
      if (!report.ok) settle(report);
      else settle(accept({ child, socket: report.value.socket, refusal: lastWords(child) }));
    });
  });
}

/** What a daemon writes outside its log (a crash, a driver) goes to a file of its own. */
function forkDaemon(home: string, output: string, detach: boolean): ChildProcess {
  let file: number;
  try {
    file = openSync(output, "w", 0o600);
  } catch (error) {
    throw folderFault(output, error);
  }
  try {
    return fork(DAEMON, detach ? ["--detached"] : [], {
      detached: true,
      stdio: ["ignore", file, file, "ipc"],
      env: { ...process.env, VIVIAN_HOME: home },
    });
  } finally {
    closeSync(file);
  }
}

function lastLine(file: string): string {
  try {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return (lines.find((line) => /^\w*Error/.test(line)) ?? lines.at(-1) ?? "").slice(0, 500);
  } catch {
    return "";
  }
}

/** Listens for what the daemon says when a fault ends it. */
function lastWords(child: ChildProcess): () => Rejection | null {
  let refusal: Rejection | null = null;
  // After `settle` has taken its own listeners away.
  setImmediate(() => {
    child.on("message", (message) => {
      const report = readStartReport(message);
      if (!report.ok) refusal = report.rejection;
    });
    child.channel?.unref();
  });
  return () => refusal;
}

/** The child does not keep this command alive; the channel stays only as a lifeline. */
function release(child: ChildProcess, keepChannel: boolean): void {
  child.unref();
  if (child.connected && !keepChannel) child.disconnect();
  child.channel?.unref();
}

/** Waits until a started daemon has gone, or `limitMs` passed; says which. */
export function daemonEnded(child: ChildProcess, limitMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), limitMs);
    child.ref();
    child.once("exit", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
