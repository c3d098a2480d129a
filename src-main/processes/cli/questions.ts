/**
 * Decides how a command asks: on the terminal, where a password leaves no trace, or line by line
 * from a script's standard input. Questions go to stderr, so that stdout holds the answer alone.
 */

import { createInterface } from "node:readline";
import type { Interface } from "node:readline";
import { Writable } from "node:stream";

import { CommandFailure } from "./failure.ts";

/** Asks, one question at a time; `close` lets the command end. */
export interface Questions {
  /** Whether a person sits there. */
  readonly isTerminal: boolean;
  /** A line; null when there is no further one. */
  line(question: string): Promise<string | null>;
  /** A line that is not shown while it is typed. */
  hidden(question: string): Promise<string | null>;
  /** Says something where the questions are. */
  tell(text: string): void;
  close(): void;
}

/** Opens questions on this process's input. */
export function openQuestions(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stderr,
): Questions {
  const isTerminal = input.isTTY === true;
  const lines: string[] = [];
  const waiting: ((line: string | null) => void)[] = [];
  let reading: Interface | null = null;
  let ended = false;
  let hides = false;
  const give = (line: string | null) => waiting.shift()?.(line);
  const echo = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!hides) output.write(chunk);
      done();
    },
  });
  const open = () => {
    if (reading !== null) return;
    reading = createInterface({ input, output: echo, terminal: isTerminal });
    reading.on("line", (line) => {
      if (waiting.length > 0) give(line);
      else lines.push(line);
    });
    reading.on("SIGINT", () => reading?.close());
    reading.on("close", () => {
      ended = true;
      while (waiting.length > 0) give(null);
    });
  };
  const ask = (question: string): Promise<string | null> => {
    // Opened first: until then the terminal itself shows what is typed.
    open();
    output.write(question);
    const ready = lines.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (ended) return Promise.resolve(null);
    return new Promise((resolve) => waiting.push(resolve));
  };
  // What a terminal shows of a typed line end, a script's input and a hidden line do not.
  const endLine = () => output.write("\n");
  return {
    isTerminal,
    line: async (question) => {
      const answer = await ask(question);
      if (!isTerminal) endLine();
      return answer;
    },
    hidden: async (question) => {
      hides = true;
      const answer = await ask(question);
      hides = false;
      endLine();
      return answer;
    },
    tell: (text) => output.write(`${text}\n`),
    close: () => reading?.close(),
  };
}

/** Runs a part of a command that may ask. */
export async function withQuestions<T>(action: (ask: Questions) => Promise<T>): Promise<T> {
  const ask = openQuestions();
  try {
    return await action(ask);
  } finally {
    ask.close();
  }
}

/** Ends the command unless the answer is yes. */
export async function needYes(ask: Questions, question: string, code: string): Promise<void> {
  const answer = (await ask.line(`${question} [y/N] `))?.trim().toLowerCase();
  if (answer !== "y" && answer !== "yes") throw new CommandFailure({ code });
}
