/**
 * Decides how a program uses the float engine: as a process of its own that holds TensorFlow.js,
 * with the sessions of any engine. Its numbers are good for comparing and for looking at a trained
 * model; they differ from machine to machine and prove nothing.
 */

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import { Fault } from "../../contract/outcome.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { OPENED, readAnswer } from "./float-messages.ts";
import type { FloatAnswer, FloatQuestion } from "./float-messages.ts";
import type { FloatOptions } from "./float-session.ts";
import type { FloatLibrary } from "./libraries.ts";
import { OPEN_MS_MAX, WORDS_MAX } from "./limits.ts";

/** A float engine that is open. */
export interface FloatBackend extends EngineBackend {
  /** Never true: nothing this engine computes may be sealed. */
  readonly isExact: false;
  open(programBytes: Uint8Array, options?: FloatOptions): Promise<EngineSession>;
  /** Ends the process; sessions are not used again. */
  close(): void;
}

/** What a float engine is opened with; all but the library is for tests. */
export interface FloatBackendOptions {
  readonly library: FloatLibrary;
  /** Specifier of the optional peer. */
  readonly gpuPackage?: string;
}

const CHILD = fileURLToPath(new URL("./float-child.ts", import.meta.url));

type Settle = (answer: FloatAnswer) => void;

/** The channel to the process: questions out, answers in, by number. */
class FloatProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Settle>();
  #numbers = OPENED;
  #ended: Fault | undefined;
  #words = "";

  constructor(library: FloatLibrary, gpuPackage: string | undefined) {
    const args = gpuPackage === undefined ? [library] : [library, gpuPackage];
    this.#child = fork(CHILD, args, {
      serialization: "advanced",
      execArgv: [],
      // libtensorflow tells what it misses on stderr; tfjs greets there as well.
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "1" },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#words = (this.#words + text).slice(-WORDS_MAX);
    });
    this.#child.on("message", (message: unknown) => this.#heard(message));
    this.#child.on("error", (error) => this.#end(error.message));
    this.#child.on("close", (code, signal) => {
      this.#end(this.#words.trim().split("\n").at(-1) || (signal ?? `exit code ${code}`));
    });
  }

  /** What the library says of itself, once it is open. */
  async opened(): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      const facts = { seconds: OPEN_MS_MAX / 1000 };
      const fault = new Fault("FLOAT_ENGINE_ENDED", "the library did not open", facts);
      timer = setTimeout(() => fail(fault), OPEN_MS_MAX);
    });
    try {
      return (await Promise.race([this.#answer(OPENED), late])) as string;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  ask(question: FloatQuestion): Promise<Float32Array | string | null> {
    this.#numbers += 1;
    const number = this.#numbers;
    const answer = this.#answer(number);
    if (this.#ended === undefined) this.#child.send({ number, question }, () => undefined);
    return answer;
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }

  #answer(number: number): Promise<Float32Array | string | null> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, fail) => {
      this.#waiting.set(number, (answer) => {
        if (answer.ok) resolve(answer.value);
        else fail(new Fault(answer.fault.code, answer.fault.message, answer.fault.facts));
      });
    });
  }

  #heard(message: unknown): void {
    const answer = readAnswer(message);
    if (answer === undefined) return;
    const settle = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    settle?.(answer);
  }

  #end(words: string): void {
    const facts = { words };
    this.#ended ??= new Fault("FLOAT_ENGINE_ENDED", "the float engine ended", facts);
    const { code, message } = this.#ended;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [number, settle] of waiting) {
      settle({ number, ok: false, fault: { code, message, facts } });
    }
  }
}

class RemoteSession implements EngineSession {
  readonly #process: FloatProcess;
  readonly #session: number;

  constructor(owner: FloatProcess, session: number) {
    this.#process = owner;
    this.#session = session;
  }

  async upload(state: number, values: Float32Array): Promise<void> {
    await this.#process.ask({ ask: "upload", session: this.#session, state, values });
  }

  async run(step: number, batch: Uint8Array): Promise<void> {
    await this.#process.ask({ ask: "run", session: this.#session, step, batch });
  }

  async download(state: number, into?: Float32Array): Promise<Float32Array> {
    const values = await this.#ask("download", state);
    if (into === undefined) return values;
    into.set(values);
    return into;
  }

  output(output: number): Promise<Float32Array> {
    return this.#ask("output", output);
  }

  value(op: number): Promise<Float32Array> {
    return this.#ask("value", op);
  }

  close(): void {
    const closed = this.#process.ask({ ask: "close", session: this.#session });
    // A process that has ended holds no session.
    closed.catch(() => undefined);
  }

  async #ask(ask: "download" | "output" | "value", index: number): Promise<Float32Array> {
    return (await this.#process.ask({ ask, session: this.#session, index })) as Float32Array;
  }
}

/**
 * Starts a float engine.
 * @throws Fault FLOAT_ENGINE_ABSENT, FLOAT_ENGINE_NODE, FLOAT_ENGINE_CUDA where the library does
 *         not compute here, FLOAT_ENGINE_ENDED where its process ended
 */
export async function openFloatBackend(options: FloatBackendOptions): Promise<FloatBackend> {
  const owner = new FloatProcess(options.library, options.gpuPackage);
  const variant = await owner.opened();
  let sessions = 0;
  return {
    name: "float",
    variant,
    isExact: false,
    open: async (program, { keepValues = false } = {}) => {
      sessions += 1;
      const session = sessions;
      await owner.ask({ ask: "open", session, program, keepValues });
      return new RemoteSession(owner, session);
    },
    close: () => owner.close(),
  };
}
