/**
 * Decides the root of a training state (ARCHITECTURE.md section 5, "Chain"): a tree over the
 * state tensors in program order; a tensor's leaf holds its shape and the root of its blocks.
 */
import { concatBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { merkleRoot } from "../../crypto/index.ts";
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

/**
 * The leaves of one tensor: 16 × 16 blocks, row-major in themselves and among each other, f32
 * little-endian, zero-filled at the edges.
 */
export function blockLeaves(shape: Shape, values: Float32Array): readonly Uint8Array[] {
  invariant(values.length === elementCount(shape), "a tensor has its shape's element count");
  const { rows, columns } = matrixOf(shape);
  const leaves: Uint8Array[] = [];
  for (let rowFirst = 0; rowFirst < rows; rowFirst += BLOCK_SIDE) {
    for (let columnFirst = 0; columnFirst < columns; columnFirst += BLOCK_SIDE) {
      const leaf = new Uint8Array(BLOCK_BYTES);
      const view = new DataView(leaf.buffer);
      const rowEnd = Math.min(rowFirst + BLOCK_SIDE, rows);
      const columnEnd = Math.min(columnFirst + BLOCK_SIDE, columns);
      for (let row = rowFirst; row < rowEnd; row += 1) {
        for (let column = columnFirst; column < columnEnd; column += 1) {
          const at = 4 * ((row - rowFirst) * BLOCK_SIDE + column - columnFirst);
          view.setFloat32(at, values[row * columns + column], true);
        }
      }
      leaves.push(leaf);
    }
  }
  return leaves;
}

/** A tensor's leaf in the state tree: u32 rank, u32 dimensions, then the root of its blocks. */
export function tensorLeaf(hasher: Hasher, shape: Shape, values: Float32Array): Uint8Array {
  const head = new Uint8Array(4 + 4 * shape.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, shape.length, true);
  for (const [axis, dim] of shape.entries()) view.setUint32(4 + 4 * axis, dim, true);
  return concatBytes(head, merkleRoot(hasher, blockLeaves(shape, values)));
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
