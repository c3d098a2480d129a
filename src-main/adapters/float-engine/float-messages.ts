/**
 * Decides what passes between a program and its float engine: a question with a number, then the
 * answer with the same number. Both ends check what they are told.
 */

/** What a float engine can be asked; sessions are named by numbers that the asker gives. */
export type FloatQuestion =
  | {
      readonly ask: "open";
      readonly session: number;
      readonly program: Uint8Array;
      readonly keepValues: boolean;
    }
  | {
      readonly ask: "upload";
      readonly session: number;
      readonly state: number;
      readonly values: Float32Array;
    }
  | {
      readonly ask: "run";
      readonly session: number;
      readonly step: number;
      readonly batch: Uint8Array;
    }
  | {
      readonly ask: "download" | "output" | "value";
      readonly session: number;
      readonly index: number;
    }
  | { readonly ask: "close"; readonly session: number };

/** A question on its way. */
export interface NumberedQuestion {
  readonly number: number;
  readonly question: FloatQuestion;
}

/** What a refusal carries: the parts of a Fault. */
export interface FaultParts {
  readonly code: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** An answer; number 0 says once whether the library is open. */
export type FloatAnswer =
  | { readonly number: number; readonly ok: true; readonly value: Float32Array | string | null }
  | { readonly number: number; readonly ok: false; readonly fault: FaultParts };

/** Number of the answer that nobody asked for: the library is open, or is not. */
export const OPENED = 0;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The answer in a message; `undefined` where it is none. */
export function readAnswer(message: unknown): FloatAnswer | undefined {
  if (!isRecord(message) || !Number.isInteger(message["number"])) return undefined;
  const { ok, value, fault } = message;
  if (ok === true) {
    const known = value === null || typeof value === "string" || value instanceof Float32Array;
    return known ? (message as unknown as FloatAnswer) : undefined;
  }
  if (ok !== false || !isRecord(fault)) return undefined;
  const whole = typeof fault["code"] === "string" && typeof fault["message"] === "string";
  return whole && isRecord(fault["facts"]) ? (message as unknown as FloatAnswer) : undefined;
}

const NUMBERS: Readonly<Record<FloatQuestion["ask"], readonly string[]>> = {
  open: ["session"],
  upload: ["session", "state"],
  run: ["session", "step"],
  download: ["session", "index"],
  output: ["session", "index"],
  value: ["session", "index"],
  close: ["session"],
};

/** The question in a message; `undefined` where it is none. */
export function readQuestion(message: unknown): NumberedQuestion | undefined {
  if (!isRecord(message) || !Number.isInteger(message["number"])) return undefined;
  const { question } = message;
  if (!isRecord(question)) return undefined;
  const ask = question["ask"];
  if (typeof ask !== "string" || !Object.hasOwn(NUMBERS, ask)) return undefined;
  const numbers = NUMBERS[ask as FloatQuestion["ask"]];
  if (!numbers.every((name) => Number.isInteger(question[name]))) return undefined;
  if (ask === "open" && !(question["program"] instanceof Uint8Array)) return undefined;
  if (ask === "upload" && !(question["values"] instanceof Float32Array)) return undefined;
  if (ask === "run" && !(question["batch"] instanceof Uint8Array)) return undefined;
  return message as unknown as NumberedQuestion;
}
