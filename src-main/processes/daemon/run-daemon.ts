/**
 * Decides how a daemon lives: it opens its folder, does its work until it is asked to end (signal,
 * call, starter gone, or the disk failed), and ends in order within 5 s.
 */

import { rmSync, writeFileSync } from "node:fs";

import { controlSocketPath, rejectionOf, startControlServer } from "../../api/index.ts";
import type { ControlServer } from "../../api/index.ts";
import { explainCode } from "../../contract/explain.ts";
import { accept, Fault } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { dataFolder, dataHome, folderFault, makeDataFolder } from "../config/data-folder.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Config } from "../config/keys.ts";
import { configOfHome, writeFolderConfig } from "../config/load-config.ts";
import { programVersion } from "../program-version.ts";
import { composeDaemon } from "./compose.ts";
import type { DaemonParts } from "./compose.ts";
import { LogFile } from "./log-file.ts";
import { serveMetrics } from "./serve-metrics.ts";
import { servePage } from "./serve-page.ts";
import type { ServedPage } from "./serve-page.ts";
import { openServiceLine } from "./service-manager.ts";
import { sendStartReport } from "./start-report.ts";
import { STOP_WITHIN_MS, stopInOrder, within } from "./stopping.ts";
import type { StopStep } from "./stopping.ts";

/** How a daemon is run. */
export interface DaemonOptions {
  /** Writes its log to the terminal as well. */
  readonly foreground: boolean;
  /** Goes on when the process that started it ends. */
  readonly detached: boolean;
}

/** Why a daemon ends, and whether it has begun to. */
class Ending {
  readonly asked: Promise<string>;
  #resolve: (reason: string) => void = () => {};
  fault: Fault | null = null;
  begun = false;

  constructor() {
    this.asked = new Promise((resolve) => (this.#resolve = resolve));
  }

  ask(reason: string): void {
    this.begun = true;
    this.#resolve(reason);
  }

  /** What the daemon's faces need of its end. */
  get faces() {
    return { shutDown: () => this.ask("call"), isEnding: () => this.begun };
  }

  fail(error: unknown): void {
    const { code, facts } = rejectionOf(error);
    this.fault ??= new Fault(code, error instanceof Error ? error.message : code, facts, error);
    this.ask("fault");
  }
}

/**
 * Runs a daemon on the data folder of the environment until it ends.
 * @rejects why it could not start, or the fault that ended it
 */
export async function runDaemon(options: DaemonOptions): Promise<Outcome<void>> {
  const home = dataHome();
  const config = configOfHome(home);
  if (!config.ok) return refuse(config);
  const folder = dataFolder(home, config.value.network);
  const ending = new Ending();
  const forget = listenForEnd(ending, options.detached);
  try {
    makeDataFolder(folder);
    writeFolderConfig(home);
    return await live(folder, config.value, ending, options);
  } catch (error) {
    return refuse({ ok: false, rejection: rejectionOf(error) });
  } finally {
    forget();
  }
}

async function live(
  folder: DataFolder,
  config: Config,
  ending: Ending,
  options: DaemonOptions,
): Promise<Outcome<void>> {
  const echo = options.foreground ? (line: string) => process.stderr.write(`${line}\n`) : null;
  const log = new LogFile({ folder: folder.logs, ...config.log, echo });
  log.info("starting", { version: programVersion(), home: folder.home, pid: process.pid });
  const parts: DaemonParts = { folder, config, log, onFault: (error) => ending.fail(error) };
  const service = openServiceLine();
  const stops: StopStep[] = [{ name: "log", stop: () => Promise.resolve(log.close()) }];
  stops.push({ name: "service line", stop: () => Promise.resolve(service.close()) });
  let refusal: Outcome<void> | null = null;
  try {
    const composed = await composeDaemon(parts, stops);
    const openPage = async (socketPath: string) => {
      const opened = await servePage({ folder, config, composed, socketPath, ...ending.faces });
      if (opened.ok) stops.splice(1, 0, { name: "page", stop: () => opened.value.close() });
      return opened;
    };
    const metrics = await serveMetrics({ config, composed, log, isEnding: () => ending.begun });
    if (metrics.ok) stops.splice(1, 0, { name: "metrics", stop: metrics.value.close });
    const path = metrics.ok ? controlSocketPath(folder.network) : metrics;
    const page = path.ok ? await openPage(path.value) : path;
    const server = page.ok ? await openSocket(folder, page.value) : page;
    if (server.ok) {
      // Closed last, after ledger and log: a caller of `shutdown` who sees it close may start anew.
      stops.unshift({ name: "socket", stop: () => server.value.close() });
      await sendStartReport({ kind: "ready", socket: server.value.path });
      log.info("ready", { socket: server.value.path, page: server.value.page });
      composed.begin();
      service.ready({ status: composed.feed.current, isEnding: () => ending.begun });
      log.info("ending", { because: await ending.asked });
      service.stopping();
    } else refusal = server;
  } catch (error) {
    refusal = { ok: false, rejection: rejectionOf(error) };
  }
  const fault = ending.fault;
  if (fault !== null)
    refusal ??= { ok: false, rejection: { code: fault.code, facts: fault.facts } };
  if (refusal !== null && !refusal.ok) {
    const { code, facts } = refusal.rejection;
    log.error(explainCode(code).what, { code, ...facts });
  }
  const inTime = await within(stopInOrder(stops, log), STOP_WITHIN_MS);
  if (!inTime) log.warn("stopping took too long and was cut short");
  return refusal === null ? accept(undefined) : refuse(refusal);
}

/** Opens the owner's socket with the answers that the page gets too. */
async function openSocket(
  folder: DataFolder,
  served: ServedPage,
): Promise<Outcome<ControlServer & { readonly page: string }>> {
  const { address, socketPath: path, needs } = served;
  const server = await startControlServer(path, needs);
  if (!server.ok) return server;
  try {
    writeFileSync(folder.socketNote, `${path}\n`, { mode: 0o600 });
  } catch (error) {
    await server.value.close();
    throw folderFault(folder.socketNote, error);
  }
  const close = async () => {
    rmSync(folder.socketNote, { force: true });
    await server.value.close();
  };
  return accept({ path, page: address, close });
}

/** Signals and the starter's end ask for the daemon's; answers how to stop listening. */
function listenForEnd(ending: Ending, detached: boolean): () => void {
  const signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP"];
  const listeners = signals.map((signal) => [signal, () => ending.ask(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const abandoned = () => ending.ask("its starter ended");
  if (!detached) process.on("disconnect", abandoned);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    process.off("disconnect", abandoned);
  };
}

async function refuse(refused: Outcome<never> | Outcome<void>): Promise<Outcome<void>> {
  if (!refused.ok) await sendStartReport({ kind: "refused", rejection: refused.rejection });
  return refused;
}
