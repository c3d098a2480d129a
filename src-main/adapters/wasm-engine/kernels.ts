/**
 * Decides how the WebAssembly module of the kernels is loaded and what it looks like from
 * TypeScript. The module is part of the tree (native/wasm/build.mjs makes it); one instance of it
 * holds one session.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Fault } from "../../contract/outcome.ts";

/** The module's memory, which grows: views of it are made anew at each use. */
interface Memory {
  readonly buffer: ArrayBuffer;
}

/** What an instance exports; addresses are numbers of bytes in its memory. */
export interface Kernels {
  readonly memory: Memory;
  allocate(bytes: number): number;
  release(address: number): void;
  /** 1 where the program was accepted. */
  open(program: number, length: number, memoryBytesMax: number): number;
  refusalCode(): number;
  refusalMessage(): number;
  memoryBytes(): number;
  batchBytes(): number;
  isFinite(batch: number): number;
  state(index: number): number;
  /** The same, to be written to; the last step can then not be repeated. */
  stateToSet(index: number): number;
  output(index: number): number;
  /** By repeating the last step op by op; 0 where that cannot be, or ends otherwise. */
  value(op: number): number;
  run(step: number, batch: number): void;
}

/** WebAssembly as this file uses it; the types of Node leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Kernels & { _initialize(): void } };
  readonly RuntimeError: new () => Error;
};

const MODULE_FILE = fileURLToPath(new URL("./kernels.wasm", import.meta.url));

/** The only thing the module asks of the system, and nothing here calls it. */
const IMPORTS = { wasi_snapshot_preview1: { clock_time_get: () => 0 } };

let compiled: object | undefined;

/** The module in a file, compiled. @throws Fault WASM_ENGINE_BROKEN */
export function compileModule(path: string): object {
  try {
    return new WebAssembly.Module(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault("WASM_ENGINE_BROKEN", reason, { path }, error);
  }
}

/**
 * A fresh instance, with memory of its own.
 * @throws Fault WASM_ENGINE_BROKEN when the module is missing or this Node has no vectors for it
 */
export function openKernels(): Kernels {
  compiled ??= compileModule(MODULE_FILE);
  const { exports } = new WebAssembly.Instance(compiled, IMPORTS);
  exports._initialize();
  return exports;
}

/** Whether an error is the module's own end, as by memory that it has not got. */
export function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError;
}
