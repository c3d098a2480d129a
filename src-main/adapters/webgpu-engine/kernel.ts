/**
 * Decides what a kernel and its use are: a WGSL text, the tensors it reads and writes, and numbers
 * that tell it their sizes. One text serves every shape, so a device compiles it once.
 */
import { invariant } from "../../contract/outcome.ts";
import type { Shape } from "../../engine/index.ts";

/** A compute kernel. Binding 0 are its numbers `P`, then its tensors in order, all of u32. */
export interface Kernel {
  /** Unique; pipelines are kept by it. */
  readonly name: string;
  readonly code: string;
  /** One letter a tensor: r is only read, w is read and written. */
  readonly access: string;
  /** What its text is made of, where it may be done beside another (`join-dispatches.ts`). */
  readonly pieces?: KernelPieces;
}

/** The pieces of a kernel's text. */
export interface KernelPieces {
  /** Invocations of a workgroup. */
  readonly size: number;
  /** Tensors with their types. */
  readonly tensors: readonly string[];
  /** Declarations; those that read numbers or tensors are the kernel's own. */
  readonly parts: readonly string[];
  /** What is done, given `block`, the workgroup's number, and `lane`. */
  readonly body: string;
}

/** Memory on the device that a step uses; sizes are known before any of it exists. */
export interface Slot {
  /** Size in 32-bit words. */
  words: number;
}

/** One use of a kernel. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly numbers: readonly number[];
  readonly slots: readonly Slot[];
  /** Workgroups, in one row; it is folded where a row may not be as long. */
  readonly groups: number;
}

/** What planning an op is given. */
export interface OpPlan {
  readonly inputs: readonly Slot[];
  readonly inputShapes: readonly Shape[];
  /** Inputs of a matmul whose slot holds them with their two axes swapped. */
  readonly swapped: readonly boolean[];
  readonly attributes: readonly number[];
  readonly output: Slot;
  readonly shape: Shape;
  /** Holds the step's number at run time. */
  readonly step: Slot;
  /** Memory that the next op may use again; it has at least that many words. */
  scratch(role: string, words: number): Slot;
}

/** Plans one op: its dispatches, in order. */
export type OpPlanner = (plan: OpPlan) => readonly Dispatch[];

/** Invocations of a workgroup of kernels that go element by element. */
export const GROUP = 64;

/** The head of every kernel: its numbers, its tensors, and the number of an invocation. */
export function kernelHead(tensors: readonly string[], access: string): string {
  invariant(tensors.length === access.length, "each tensor of a kernel has its access");
  const bindings = tensors.map((name, i) => {
    const mode = access[i] === "w" ? "read_write" : "read";
    return `@group(0) @binding(${i + 1}) var<storage, ${mode}> ${name};`;
  });
  return ["@group(0) @binding(0) var<storage, read> P: array<u32>;", ...bindings].join("\n");
}

/**
 * A kernel with one invocation an element; P[0] is their count, `at` the element.
 * @param tensors  their names, with a type where it is not array<u32>
 * @param index    what `body` calls the element
 */
export function elementKernel(
  name: string,
  tensors: readonly string[],
  access: string,
  parts: readonly string[],
  body: string,
  index = "at",
): Kernel {
  const typed = tensors.map((tensor) => (tensor.includes(":") ? tensor : `${tensor}: array<u32>`));
  const guarded = `  let ${index} = block * ${GROUP}u + lane;
  if (${index} >= P[0]) { return; }
${body}`;
  return kernelOf(name, access, { size: GROUP, tensors: typed, parts, body: guarded });
}

/** A kernel of pieces. */
export function kernelOf(name: string, access: string, pieces: KernelPieces): Kernel {
  const { size, tensors, parts, body } = pieces;
  const code = `${kernelHead(tensors, access)}
${parts.join("\n")}
@compute @workgroup_size(${size})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let block = group.y * groups.x + group.x;
${body}
}
`;
  return { name, code, access, pieces };
}

/** The use of such a kernel on `count` elements. */
export function overElements(
  kernel: Kernel,
  count: number,
  numbers: readonly number[],
  slots: readonly Slot[],
): Dispatch {
  return { kernel, numbers: [count, ...numbers], slots, groups: Math.ceil(count / GROUP) };
}

/** Product of the dimensions from `first` up to `end`. */
export function sizeOf(shape: Shape, first = 0, end = shape.length): number {
  let size = 1;
  for (let axis = first; axis < end; axis += 1) size *= shape[axis];
  return size;
}
