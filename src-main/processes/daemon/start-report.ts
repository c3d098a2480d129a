/** Decides how a daemon tells its starter that it is ready, or why it is not. */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome, Rejection } from "../../contract/outcome.ts";

/** A daemon that answers calls. */
export interface ReadyDaemon {
  readonly socket: string;
}

/** The message a daemon sends once, over the channel it was forked with. */
export type StartReport =
  | { readonly kind: "ready"; readonly socket: string }
  | { readonly kind: "refused"; readonly rejection: Rejection };

/** Tells the starter, if there is one; resolves when it has been told. */
export function sendStartReport(report: StartReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(report, undefined, {}, () => resolve());
  });
}

/**
 * Reads a daemon's report.
 * @rejects the daemon's own code, or PROCESSES_DAEMON_START for anything unreadable
 */
export function readStartReport(message: unknown): Outcome<ReadyDaemon> {
  if (typeof message === "object" && message !== null && "kind" in message) {
    const report = message as Partial<Record<string, unknown>>;
    if (report["kind"] === "ready" && typeof report["socket"] === "string") {
      return accept({ socket: report["socket"] });
    }
    const rejection = report["rejection"] as Partial<Rejection> | undefined;
    if (report["kind"] === "refused" && typeof rejection?.code === "string") {
      return reject(rejection.code, { ...rejection.facts });
    }
  }
  return reject("PROCESSES_DAEMON_START", { reason: "it said something unreadable" });
}
