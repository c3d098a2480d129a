/**
 * Decides the root of a training state (ARCHITECTURE.md section 5, "Chain"): a tree over the
 * state tensors in program order; a tensor's leaf holds its shape and the root of its blocks.
 */
import { concatBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { merkleRoot, rootFromLeafHashes } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { elementCount } from "../ops/op.ts";
import type { Program, Shape } from "../program/program.ts";

/** Rows and columns of a block. */
export const BLOCK_SIDE = 16;

/** Bytes of a block: 16 × 16 f32. */
export const BLOCK_BYTES = 1_024;

/** The tensor as rows × columns: leading dimensions together, and the last one. */
function matrixOf(shape: Shape): { rows: number; columns: number } {
  const columns = shape[shape.length - 1];
  return { rows: elementCount(shape) / columns, columns };
}

/** Whether this machine stores words as the format does. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Words that, stored by this machine, are the values' little-endian bytes. */
function littleEndianWords(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  if (IS_LITTLE_ENDIAN) return bits;
  const swapped = new Uint32Array(bits.length);
  const view = new DataView(swapped.buffer);
  for (const [index, word] of bits.entries()) view.setUint32(4 * index, word, true);
  return swapped;
}

/**
 * The leaves of one tensor: 16 × 16 blocks, row-major in themselves and among each other, f32
 * little-endian, zero-filled at the edges.
 */
export function blockLeaves(shape: Shape, values: Float32Array): readonly Uint8Array[] {
  invariant(values.length === elementCount(shape), "a tensor has its shape's element count");
  const { rows, columns } = matrixOf(shape);
  const words = littleEndianWords(values);
  const leaves: Uint8Array[] = [];
  for (let rowFirst = 0; rowFirst < rows; rowFirst += BLOCK_SIDE) {
    const rowEnd = Math.min(rowFirst + BLOCK_SIDE, rows);
    for (let columnFirst = 0; columnFirst < columns; columnFirst += BLOCK_SIDE) {
      const columnEnd = Math.min(columnFirst + BLOCK_SIDE, columns);
      const block = new Uint32Array(BLOCK_SIDE * BLOCK_SIDE);
      for (let row = rowFirst; row < rowEnd; row += 1) {
        let to = (row - rowFirst) * BLOCK_SIDE;
        const end = row * columns + columnEnd;
        for (let at = row * columns + columnFirst; at < end; at += 1, to += 1) {
          block[to] = words[at];
        }
      }
      leaves.push(new Uint8Array(block.buffer));
    }
  }
  return leaves;
}

/**
 * Leaf hashes of `blockLeaves`, in order, without holding the leaves: a worker stands still while
 * this runs, and copying each block twice took longer than hashing it.
 */
function blockHashes(hasher: Hasher, shape: Shape, values: Float32Array): readonly Uint8Array[] {
  invariant(values.length === elementCount(shape), "a tensor has its shape's element count");
  const { rows, columns } = matrixOf(shape);
  // The leaf prefix of RFC 9162 (0x00), then the block.
  const leaf = new Uint8Array(1 + BLOCK_BYTES);
  const view = new DataView(leaf.buffer, 1);
  const hashes: Uint8Array[] = [];
  for (let rowFirst = 0; rowFirst < rows; rowFirst += BLOCK_SIDE) {
    for (let columnFirst = 0; columnFirst < columns; columnFirst += BLOCK_SIDE) {
      const rowCount = Math.min(BLOCK_SIDE, rows - rowFirst);
      const columnCount = Math.min(BLOCK_SIDE, columns - columnFirst);
      if (rowCount < BLOCK_SIDE || columnCount < BLOCK_SIDE) leaf.fill(0);
      for (let row = 0; row < rowCount; row += 1) {
        const from = (rowFirst + row) * columns + columnFirst;
        const at = 4 * BLOCK_SIDE * row;
        for (let column = 0; column < columnCount; column += 1) {
          view.setFloat32(at + 4 * column, values[from + column], true);
        }
      }
      hashes.push(hasher(leaf));
    }
  }
  return hashes;
}

/** RFC 9162 root over `blockLeaves`: block after block. This is the definition. */
export function blockTreeRoot(hasher: Hasher, shape: Shape, values: Float32Array): Uint8Array {
  return rootFromLeafHashes(hasher, blockHashes(hasher, shape, values));
}

/** The same root by the hasher's own way, where it has one. */
function fastestBlockTreeRoot(hasher: Hasher, shape: Shape, values: Float32Array): Uint8Array {
  invariant(values.length === elementCount(shape), "a tensor has its shape's element count");
  const root = hasher.blockTreeRoot?.(values, matrixOf(shape).columns);
  return root ?? blockTreeRoot(hasher, shape, values);
}

/** A tensor's leaf in the state tree: u32 rank, u32 dimensions, then the root of its blocks. */
export function tensorLeaf(hasher: Hasher, shape: Shape, values: Float32Array): Uint8Array {
  const head = new Uint8Array(4 + 4 * shape.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, shape.length, true);
  for (const [axis, dim] of shape.entries()) view.setUint32(4 + 4 * axis, dim, true);
  return concatBytes(head, fastestBlockTreeRoot(hasher, shape, values));
}

/**
 * The root of a state, 32 bytes.
 * @param states  canonical values of every state tensor of `program`, in its order
 */
export function stateRoot(
  hasher: Hasher,
  program: Program,
  states: readonly Float32Array[],
): Uint8Array {
  invariant(states.length === program.states.length, "a state holds every tensor");
  const leaves = program.states.map(({ shape }, index) => tensorLeaf(hasher, shape, states[index]));
  return merkleRoot(hasher, leaves);
}
