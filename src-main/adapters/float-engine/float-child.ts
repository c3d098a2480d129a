/**
 * The process of a float engine: opens the library its first argument names, then answers one
 * question after the other until the program that started it hangs up.
 */

import { Fault } from "../../contract/outcome.ts";
import { openProgram } from "../../engine/index.ts";
import { OPENED, readQuestion } from "./float-messages.ts";
import type { FaultParts, FloatAnswer, FloatQuestion } from "./float-messages.ts";
import { FloatSession } from "./float-session.ts";
import { isFloatLibrary } from "./libraries.ts";
import { openLibrary } from "./open-library.ts";
import type { OpenLibrary } from "./open-library.ts";

const sessions = new Map<number, FloatSession>();

function say(answer: FloatAnswer): void {
  process.send?.(answer, undefined, undefined, () => undefined);
}

function partsOf(error: unknown): FaultParts {
  if (error instanceof Fault) {
    const { code, message, facts } = error;
    return { code, message, facts };
  }
  const words = error instanceof Error ? error.message : String(error);
  return { code: "FLOAT_ENGINE_ENDED", message: words, facts: { words } };
}

function open(
  { tf }: OpenLibrary,
  { program: bytes, session, keepValues }: Extract<FloatQuestion, { ask: "open" }>,
): null {
  const program = openProgram(bytes);
  if (!program.ok) {
    const { code, facts } = program.rejection;
    throw new Fault(code, "the program was refused", facts);
  }
  sessions.set(session, new FloatSession(tf, program.value, { keepValues }));
  return null;
}

/** Answers a question to a session that is open. */
async function answer(library: OpenLibrary, question: FloatQuestion): Promise<Float32Array | null> {
  if (question.ask === "open") return open(library, question);
  const session = sessions.get(question.session);
  if (session === undefined) throw new Error(`no session ${question.session}`);
  switch (question.ask) {
    case "upload":
      await session.upload(question.state, question.values);
      return null;
    case "run":
      await session.run(question.step, question.batch);
      return null;
    case "close":
      session.close();
      sessions.delete(question.session);
      return null;
    default:
      return session[question.ask](question.index);
  }
}

/** Questions are answered in their order: a step changes what the next one reads. */
let turn: Promise<void> = Promise.resolve();

function serve(library: OpenLibrary): void {
  process.on("message", (message: unknown) => {
    const numbered = readQuestion(message);
    if (numbered === undefined) return;
    const { number, question } = numbered;
    turn = turn.then(async () => {
      try {
        say({ number, ok: true, value: await answer(library, question) });
      } catch (error) {
        say({ number, ok: false, fault: partsOf(error) });
      }
    });
  });
}

process.on("disconnect", () => process.exit(0));
const [name, gpuPackage] = process.argv.slice(2);
try {
  if (!isFloatLibrary(name)) throw new Error(`no library ${name}`);
  const library = await openLibrary(name, gpuPackage);
  serve(library);
  say({ number: OPENED, ok: true, value: library.variant });
} catch (error) {
  say({ number: OPENED, ok: false, fault: partsOf(error) });
}
