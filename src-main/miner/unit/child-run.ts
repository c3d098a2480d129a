/**
 * Decides how a child process is kept at its task: started, listened to, started again after a
 * crash with growing waits, and given up when it ends again and again without progress.
 */

import { bytesToHex } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { RESTART_WAIT_MS, RESTARTS_MAX, STOP_WAIT_MS } from "../limits.ts";
import type { Child, ChildExit, ForkChild } from "../messages/child-port.ts";

/** What every child may report beside its own messages. */
interface FaultReport {
  readonly kind: "fault";
  readonly code: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** A task of a child. */
export interface ChildTask<R extends { readonly kind: string }, V> {
  readonly kind: "worker" | "verifier";
  readonly unit: Uint8Array;
  /** The message that starts the work; the same at each restart. */
  readonly start: { readonly kind: "start" };
  readonly check: (message: unknown) => Outcome<R>;
  /** Hears a report; answers the value when the task is done. */
  readonly onReport: (report: Exclude<R, FaultReport>, child: Child) => V | undefined;
  /** A number that grows as the work proceeds; a child that moves it is not given up. */
  readonly progress: () => number;
}

/** What running a child needs. */
export interface ChildNeeds {
  readonly fork: ForkChild;
  readonly clock: Clock;
  readonly log: Log;
}

/** How one life of a child ended. */
type ChildEnd<V> =
  | { readonly kind: "value"; readonly value: V }
  | { readonly kind: "exit"; readonly exit: ChildExit; readonly fault: FaultReport | undefined };

/** A child at its task, over any number of restarts. */
export class ChildRun<R extends { readonly kind: string }, V> {
  readonly #task: ChildTask<R, V>;
  readonly #needs: ChildNeeds;
  #child: Child | undefined;
  #stopped = false;
  #wake: (() => void) | undefined;
  /** Takes back the killing of a child that was asked to end. */
  #spare: (() => void) | undefined;

  constructor(task: ChildTask<R, V>, needs: ChildNeeds) {
    this.#task = task;
    this.#needs = needs;
  }

  /**
   * Runs the task to its end.
   * @returns the value; undefined when it was stopped
   * Throws the child's own Fault, or MINER_WORKER_CRASHED / MINER_VERIFIER_CRASHED.
   */
  async run(): Promise<V | undefined> {
    let restarts = 0;
    let progress = this.#task.progress();
    while (!this.#stopped) {
      const end = await this.#live();
      if (end.kind === "value") return end.value;
      if (this.#stopped) return undefined;
      if (end.fault !== undefined) {
        const { code, message, facts } = end.fault;
        throw new Fault(code, message, facts);
      }
      const reached = this.#task.progress();
      restarts = reached > progress ? 1 : restarts + 1;
      progress = reached;
      this.#crashed(end.exit, restarts);
      await this.#wait(RESTART_WAIT_MS * 2 ** (restarts - 1));
    }
    return undefined;
  }

  /** Says something to the child, if there is one now. */
  tell(message: { readonly kind: string; readonly pace?: number }): void {
    this.#child?.send(message);
  }

  /** Asks the child to end, and ends it if it does not. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
    const child = this.#child;
    if (child === undefined) return;
    child.send({ kind: "stop" });
    // Taken back when it ends by itself: a timer that waits keeps the daemon from ending.
    this.#spare = this.#needs.clock.after(STOP_WAIT_MS, () => child.kill());
  }

  #live(): Promise<ChildEnd<V>> {
    const { kind, start, check, onReport } = this.#task;
    const child = this.#needs.fork(kind);
    this.#child = child;
    return new Promise((resolve) => {
      let fault: FaultReport | undefined;
      child.onMessage((message) => {
        const report = check(message);
        if (!report.ok) {
          this.#needs.log.error("a child's message is malformed", { child: kind });
          child.kill();
          return;
        }
        if (report.value.kind === "fault") {
          fault = report.value as unknown as FaultReport;
          return;
        }
        const value = onReport(report.value as Exclude<R, FaultReport>, child);
        if (value !== undefined) resolve({ kind: "value", value });
      });
      child.onExit((exit) => {
        if (this.#child === child) this.#child = undefined;
        this.#spare?.();
        resolve({ kind: "exit", exit, fault });
      });
      child.send(start);
    });
  }

  #crashed(exit: ChildExit, restarts: number): void {
    const { kind, unit } = this.#task;
    const facts = {
      child: kind,
      unit: bytesToHex(unit),
      exit: exit.signal ?? String(exit.code),
      words: exit.words.slice(-500),
    };
    if (restarts <= RESTARTS_MAX) {
      this.#needs.log.warn("a child process ended early and is started again", facts);
      return;
    }
    const code = kind === "worker" ? "MINER_WORKER_CRASHED" : "MINER_VERIFIER_CRASHED";
    throw new Fault(code, `the ${kind} process ends again and again`, facts);
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#needs.clock.after(delayMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
