/**
 * Decides how work outlives its device: where one is lost, or has no more memory, the next one
 * goes on from states that are known, through the same batches, to the same bits. That it is the
 * same is what the engine is exact for; nobody who uses the session sees more than a pause.
 */
import { Fault } from "../../contract/outcome.ts";
import { openProgram } from "../../engine/index.ts";
import type { Program } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { REPLAYED_BYTES_MAX, REPLAYED_STEPS_MAX } from "./limits.ts";

/** Opens a device, checked and ready. */
export type OpenDevice = () => Promise<EngineBackend>;

/** Told when work moves on: from which device, why, and to which. */
export type MoveListener = (move: {
  readonly from: string;
  readonly to: string;
  readonly fault: Fault;
}) => void;

/** What another device may not suffer from. */
const OF_THE_DEVICE: ReadonlySet<string> = new Set([
  "CUDA_ENGINE_ABSENT",
  "CUDA_ENGINE_BROKEN",
  "CUDA_ENGINE_LOST",
  "CUDA_ENGINE_MEMORY",
  "CUDA_ENGINE_OLD",
  "WEBGPU_ENGINE_ABSENT",
  "WEBGPU_ENGINE_BROKEN",
  "WEBGPU_ENGINE_LOST",
  "WEBGPU_ENGINE_MEMORY",
  "MINER_NOT_EXACT",
]);

const isOfDevice = (error: unknown): error is Fault =>
  error instanceof Fault && OF_THE_DEVICE.has(error.code);

const wordsOf = ({ name, variant }: EngineBackend): string => `${name}, ${variant}`;

/** Devices in the order in which they are tried; each is opened when its turn comes. */
class Devices {
  readonly #openers: readonly OpenDevice[];
  readonly #moved: MoveListener;
  #next = 0;
  #current: EngineBackend | undefined;

  constructor(openers: readonly OpenDevice[], moved: MoveListener) {
    this.#openers = openers;
    this.#moved = moved;
  }

  get current(): EngineBackend {
    if (this.#current === undefined) throw new Fault("WEBGPU_ENGINE_ABSENT", "no device is open");
    return this.#current;
  }

  /** The next device that opens. Throws the last fault where there is none left. */
  async advance(because?: Fault): Promise<EngineBackend> {
    let fault = because;
    for (;;) {
      const open = this.#openers[this.#next];
      this.#next += 1;
      if (open === undefined) {
        throw fault ?? new Fault("WEBGPU_ENGINE_ABSENT", "there is no device to open");
      }
      try {
        const backend = await open();
        const from = this.#current;
        this.#current = backend;
        if (fault !== undefined) {
          const left = from === undefined ? "none" : wordsOf(from);
          this.#moved({ from: left, to: wordsOf(backend), fault });
        }
        return backend;
      } catch (error) {
        if (!isOfDevice(error)) throw error;
        fault = error;
      }
    }
  }

  /** What `work` answers on this device, or on the first later one that does it. */
  async answered<T>(work: (backend: EngineBackend) => Promise<T>): Promise<T> {
    let backend = this.current;
    for (;;) {
      try {
        return await work(backend);
      } catch (error) {
        if (!isOfDevice(error)) throw error;
        // Another session may have moved on already; then its device is as good.
        backend = this.current === backend ? await this.advance(error) : this.current;
      }
    }
  }
}

interface Step {
  readonly step: number;
  readonly batch: Uint8Array;
}

/** Outputs of a step that somebody may still read. */
interface Noted {
  /** Steps since the known states, that step included; 0 once they are read. */
  after: number;
  readonly outputs: readonly number[];
  read: () => Promise<readonly Float32Array[]>;
}

/** Outputs as they are now, for who reads them later. */
async function readNow(
  session: EngineSession,
  outputs: readonly number[],
): Promise<() => Promise<readonly Float32Array[]>> {
  const values: Float32Array[] = [];
  for (const output of outputs) values.push(await session.output(output));
  return () => Promise.resolve(values);
}

class SteadySession implements EngineSession {
  readonly #devices: Devices;
  readonly #programBytes: Uint8Array;
  readonly #count: number;
  #backend: EngineBackend;
  #session: EngineSession;
  /** States that are known, and the steps since. */
  #base: (Float32Array | undefined)[];
  #steps: Step[] = [];
  #stepBytes = 0;
  /** States as they were read after the last step. */
  #read: (Float32Array | undefined)[];
  readonly #noted = new Set<Noted>();

  constructor(
    devices: Devices,
    programBytes: Uint8Array,
    program: Program,
    opened: { readonly backend: EngineBackend; readonly session: EngineSession },
  ) {
    this.#devices = devices;
    this.#programBytes = programBytes;
    this.#count = program.states.length;
    this.#backend = opened.backend;
    this.#session = opened.session;
    this.#base = new Array<Float32Array | undefined>(this.#count);
    this.#read = new Array<Float32Array | undefined>(this.#count);
  }

  async upload(state: number, values: Float32Array): Promise<void> {
    await this.#settle();
    await this.#steady((session) => session.upload(state, values));
    this.#base[state] = values.slice();
    this.#read[state] = undefined;
  }

  async run(step: number, batch: Uint8Array): Promise<void> {
    if (this.#steps.length >= REPLAYED_STEPS_MAX || this.#stepBytes >= REPLAYED_BYTES_MAX) {
      await this.#settle();
    } else if (this.#isAllRead()) {
      await this.#takeRead();
    }
    await this.#steady((session) => session.run(step, batch));
    this.#steps.push({ step, batch: batch.slice() });
    this.#stepBytes += batch.length;
    this.#read.fill(undefined);
    for (const noted of this.#noted) {
      // Nobody may ask for these any more.
      if (noted.after > 0 && noted.after < this.#steps.length - 1) this.#noted.delete(noted);
    }
  }

  async finished(): Promise<void> {
    await this.#steady(async (session) => session.finished?.());
  }

  async download(state: number, into?: Float32Array): Promise<Float32Array> {
    const values = await this.#steady((session) => session.download(state, into));
    // A copy: whoever asked may write over what it was given.
    this.#read[state] = values.slice();
    return values;
  }

  later(outputs: readonly number[]): (() => Promise<readonly Float32Array[]>) | undefined {
    const read = this.#session.later?.(outputs);
    if (read === undefined) return undefined;
    const noted: Noted = { after: this.#steps.length, outputs, read };
    this.#noted.add(noted);
    return async () => {
      const values = await this.#steady(() => noted.read());
      this.#noted.delete(noted);
      return values;
    };
  }

  output(output: number): Promise<Float32Array> {
    return this.#steady((session) => session.output(output));
  }

  value(op: number): Promise<Float32Array> {
    return this.#steady((session) => session.value(op));
  }

  /** Together where the device gives them so: one repeated step and not one for each. */
  values(ops: readonly number[]): Promise<readonly Float32Array[]> {
    return this.#steady(async (session) => {
      if (session.values !== undefined) return session.values(ops);
      const values: Float32Array[] = [];
      for (const op of ops) values.push(await session.value(op));
      return values;
    });
  }

  close(): void {
    this.#session.close();
  }

  #isAllRead(): boolean {
    for (let i = 0; i < this.#count; i += 1) if (this.#read[i] === undefined) return false;
    return true;
  }

  /** From now on work goes on from the states that were read last. */
  async #takeRead(): Promise<void> {
    // What was noted of steps that nobody could repeat from there is read before.
    for (const noted of this.#noted) {
      const values = await this.#steady(() => noted.read());
      noted.read = () => Promise.resolve(values);
      noted.after = 0;
    }
    this.#base = [...this.#read];
    this.#steps = [];
    this.#stepBytes = 0;
  }

  /** Reads what is not yet known of the states after the last step, and goes on from there. */
  async #settle(): Promise<void> {
    if (this.#steps.length === 0) return;
    for (let i = 0; i < this.#count; i += 1) {
      if (this.#read[i] === undefined) await this.download(i);
    }
    await this.#takeRead();
  }

  async #steady<T>(work: (session: EngineSession) => Promise<T>): Promise<T> {
    return this.#devices.answered(async (backend) => {
      if (backend !== this.#backend) await this.#move(backend);
      return work(this.#session);
    });
  }

  /** Opens the program on another device and brings it to where the lost one was. */
  async #move(backend: EngineBackend): Promise<void> {
    const session = await backend.open(this.#programBytes);
    for (const [state, values] of this.#base.entries()) {
      if (values !== undefined) await session.upload(state, values);
    }
    for (const [at, { step, batch }] of this.#steps.entries()) {
      await session.run(step, batch);
      for (const noted of this.#noted) {
        if (noted.after === at + 1) noted.read = await readNow(session, noted.outputs);
      }
    }
    this.#session = session;
    this.#backend = backend;
  }
}

/**
 * A backend that goes on with the next device where one is lost.
 * @param openers  the devices in order; the first that opens is used
 * Throws the last device's fault where none opens.
 */
export async function steadyBackend(
  openers: readonly OpenDevice[],
  moved: MoveListener = () => undefined,
): Promise<EngineBackend> {
  const devices = new Devices(openers, moved);
  await devices.advance();
  return {
    get name() {
      return devices.current.name;
    },
    get variant() {
      return devices.current.variant;
    },
    open: async (programBytes) => {
      const program = openProgram(programBytes);
      if (!program.ok) {
        const { code, facts } = program.rejection;
        throw new Fault(code, "the program was refused", facts);
      }
      const opened = await devices.answered(async (backend) => {
        return { backend, session: await backend.open(programBytes) };
      });
      return new SteadySession(devices, programBytes, program.value, opened);
    },
  };
}
