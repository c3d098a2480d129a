/**
 * Decides how the daemon's log is kept: one line per event, a new file when one is full, a fixed
 * number of files. Lines are written as they come, so that a crash loses none.
 */

import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

import type { Log, LogFacts } from "../../ports/log.ts";

/** Severity, in rising order. */
export type LogLevel = "info" | "warn" | "error";

const LEVELS: readonly LogLevel[] = ["info", "warn", "error"];

/** Longest line; a fact that is longer has no place in a log. */
const LINE_CHARACTERS_MAX = 4_096;

/** How a log is kept. */
export interface LogOptions {
  readonly folder: string;
  readonly level: LogLevel;
  readonly bytesMax: number;
  readonly filesMax: number;
  /** Also writes each line there, for a daemon in the foreground. */
  readonly echo: ((line: string) => void) | null;
}

/** A log in files; `daemon.log` is the current one, `daemon.1.log` the one before. */
export class LogFile implements Log {
  readonly #options: LogOptions;
  #handle: number | null = null;
  #bytes = 0;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  /** Path of the current file. */
  get file(): string {
    return this.#path(0);
  }

  info(message: string, facts: LogFacts = {}): void {
    this.#write("info", message, facts);
  }

  warn(message: string, facts: LogFacts = {}): void {
    this.#write("warn", message, facts);
  }

  error(message: string, facts: LogFacts = {}): void {
    this.#write("error", message, facts);
  }

  /** Closes the file; a line after that opens it again. */
  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }

  #write(level: LogLevel, message: string, facts: LogFacts): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.#options.level)) return;
    const line = formatLine(new Date(), level, message, facts);
    this.#options.echo?.(line);
    try {
      const bytes = Buffer.from(`${line}\n`);
      if (this.#bytes + bytes.length > this.#options.bytesMax) this.#rotate();
      this.#handle ??= this.#open();
      this.#bytes += writeSync(this.#handle, bytes);
    } catch {
      // A full disk must not end work that needs no log.
    }
  }

  #open(): number {
    const handle = openSync(this.#path(0), "a", 0o600);
    this.#bytes = fstatSync(handle).size;
    return handle;
  }

  #rotate(): void {
    this.close();
    for (let number = this.#options.filesMax - 1; number > 0; number -= 1) {
      try {
        renameSync(this.#path(number - 1), this.#path(number));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
    if (this.#options.filesMax === 1) rmSync(this.#path(0), { force: true });
    this.#bytes = 0;
  }

  #path(number: number): string {
    return join(this.#options.folder, number === 0 ? "daemon.log" : `daemon.${number}.log`);
  }
}

/** One event as a line: time, level, sentence, facts as name=value. */
function formatLine(time: Date, level: LogLevel, message: string, facts: LogFacts): string {
  const pairs = Object.entries(facts).map(([name, value]) => ` ${name}=${quoted(String(value))}`);
  const line = `${time.toISOString()} ${level.padEnd(5)} ${message}${pairs.join("")}`;
  // A line end inside a message would look like an event of its own.
  return line.replace(/[\r\n]+/g, " | ").slice(0, LINE_CHARACTERS_MAX);
}

function quoted(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
