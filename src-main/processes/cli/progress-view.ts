/**
 * Decides how progress reaches the terminal: redrawn in place where there is a screen, else one
 * plain line at most every two seconds, so that a log stays readable.
 */

import type { Status } from "../../contract/control-api/index.ts";
import { asTyped } from "./own-command.ts";
import { progressLine, progressLines } from "./progress-lines.ts";

/** Least time between two plain lines. */
const PLAIN_INTERVAL_MS = 2_000;

/** Columns of a terminal that does not say. */
const COLUMNS_STANDARD = 80;
const COLUMNS_MIN = 20;

/** Where progress is written. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** A view of the status that knows what is on the screen. */
export class ProgressView {
  readonly #output: ProgressOutput;
  readonly #nowMs: () => number;
  #drawnLines = 0;
  #lastPlainMs = Number.NEGATIVE_INFINITY;
  #lastPlain = "";

  constructor(output: ProgressOutput, nowMs: () => number) {
    this.#output = output;
    this.#nowMs = nowMs;
  }

  /** Shows the status. */
  show(status: Status): void {
    if (this.#output.isTTY !== true) {
      this.#showPlain(status);
      return;
    }
    const columns = Math.max(COLUMNS_MIN, this.#output.columns ?? COLUMNS_STANDARD);
    const lines = progressLines(status, columns).filter((line) => line !== "");
    this.#output.write(`${this.#erasing()}${lines.join("\n")}\n`);
    this.#drawnLines = lines.length;
  }

  /** Takes the progress off the screen and writes lines that stay. */
  leave(lines: readonly string[]): void {
    const text = lines.map((line) => `${asTyped(line)}\n`).join("");
    this.#output.write(`${this.#erasing()}${text}`);
    this.#drawnLines = 0;
  }

  /** Up over what was drawn, and everything below it gone. */
  #erasing(): string {
    return this.#drawnLines === 0 ? "" : `\u001b[${this.#drawnLines}A\r\u001b[J`;
  }

  #showPlain(status: Status): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#lastPlainMs < PLAIN_INTERVAL_MS) return;
    const line = progressLine(status);
    if (line === this.#lastPlain) return;
    this.#lastPlain = line;
    this.#lastPlainMs = nowMs;
    this.#output.write(`${line}\n`);
  }
}
