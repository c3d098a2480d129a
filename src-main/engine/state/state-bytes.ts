/**
 * Decides the bytes of a training state for checkpoints and transfer: u32 version, u32 tensors,
 * each u32 rank, u32 dimensions, then its f32 values, row-major, all little-endian.
 */
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { firstNonCanonical } from "../canon.ts";
import { elementCount } from "../ops/op.ts";
import type { Program } from "../program/program.ts";

/** Version of the format. */
const VERSION = 1;

/** Whether this machine holds numbers as the format does; then they are copied as they stand. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Bytes of a state of this program; anything of another size is not one. */
export function stateBytesSize(program: Program): number {
  let size = 8;
  for (const { shape } of program.states) size += 4 + 4 * shape.length + 4 * elementCount(shape);
  return size;
}

/** The head words of a state of this program, with the offset and count of each tensor's values. */
function layout(program: Program) {
  const words: { at: number; value: number }[] = [
    { at: 0, value: VERSION },
    { at: 4, value: program.states.length },
  ];
  const tensors: { at: number; count: number }[] = [];
  let at = 8;
  for (const { shape } of program.states) {
    for (const value of [shape.length, ...shape]) {
      words.push({ at, value });
      at += 4;
    }
    tensors.push({ at, count: elementCount(shape) });
    at += 4 * elementCount(shape);
  }
  return { words, tensors };
}

/** The canonical bytes of a state. */
export function encodeState(program: Program, states: readonly Float32Array[]): Uint8Array {
  const bytes = new Uint8Array(stateBytesSize(program));
  encodeStateInto(program, states, bytes);
  return bytes;
}

/**
 * The tensors' own places in the bytes of a state: what a device copies there needs no second copy
 * in `encodeStateInto`. None on a machine whose numbers stand otherwise in memory.
 * @param bytes  `stateBytesSize(program)` bytes that begin at a multiple of 4
 */
export function stateViews(
  program: Program,
  bytes: Uint8Array,
): readonly Float32Array[] | undefined {
  invariant(bytes.byteOffset % 4 === 0, "numbers begin at a multiple of 4");
  if (!LITTLE_ENDIAN) return undefined;
  return layout(program).tensors.map(
    ({ at, count }) => new Float32Array(bytes.buffer, bytes.byteOffset + at, count),
  );
}

/**
 * Writes the canonical bytes of a state into memory that is there already, which takes a third of
 * the time that new memory takes.
 * @param bytes  `stateBytesSize(program)` bytes, all of them written
 */
export function encodeStateInto(
  program: Program,
  states: readonly Float32Array[],
  bytes: Uint8Array,
): void {
  invariant(states.length === program.states.length, "a state holds every tensor");
  invariant(bytes.length === stateBytesSize(program), "the bytes are a state's");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { words, tensors } = layout(program);
  for (const { at, value } of words) view.setUint32(at, value, true);
  for (const [index, { at, count }] of tensors.entries()) {
    const values = states[index];
    invariant(values.length === count, "a tensor has its shape's element count");
    // Canonical values hold no NaN, so their bytes are theirs however they are moved.
    // One of `stateViews`: it stands where it belongs.
    if (values.buffer === bytes.buffer && values.byteOffset === bytes.byteOffset + at) continue;
    if (LITTLE_ENDIAN) {
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    } else {
      for (let i = 0; i < count; i += 1) view.setFloat32(at + 4 * i, values[i], true);
    }
  }
}

/**
 * Reads a state of this program from anywhere. Never throws.
 * @rejects ENGINE_STATE_BYTES when size, version or shapes are not this program's, ENGINE_NUMBER
 *          when a value is not canonical
 */
export function decodeState(program: Program, bytes: Uint8Array): Outcome<readonly Float32Array[]> {
  const expected = stateBytesSize(program);
  if (bytes.length !== expected) {
    return reject("ENGINE_STATE_BYTES", { rule: "size", given: bytes.length, expected });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { words, tensors } = layout(program);
  for (const { at, value } of words) {
    if (view.getUint32(at, true) !== value) {
      return reject("ENGINE_STATE_BYTES", { rule: "version and shapes", offset: at });
    }
  }
  const states: Float32Array[] = [];
  for (const [index, { at, count }] of tensors.entries()) {
    const bits = new Uint32Array(count);
    // As integers: a NaN's bits might not survive a move through a float.
    for (let i = 0; i < count; i += 1) bits[i] = view.getUint32(at + 4 * i, true);
    const values = new Float32Array(bits.buffer);
    const wrong = firstNonCanonical(values);
    if (wrong >= 0) return reject("ENGINE_NUMBER", { tensor: index, element: wrong });
    states.push(values);
  }
  return accept(states);
}
