/**
 * Decides how two uses of kernels that do not need each other become one: handing a dispatch over
 * takes a host longer than a small one takes the device. The first workgroups do the one, the rest
 * the other.
 */
import { kernelOf } from "./kernel.ts";
import type { Dispatch, Kernel, KernelPieces } from "./kernel.ts";
import { GROUPS_IN_ROW } from "./limits.ts";

/** A kernel's text with its numbers further on and every name of its own told apart. */
function toldApart({ tensors, parts, body }: KernelPieces, first: number, mark: string) {
  const isOwn = (part: string): boolean => part.includes("P[");
  const own = parts.filter(isOwn).join("\n");
  const names = [
    ...tensors.map((tensor) => tensor.split(":")[0]),
    ...[...own.matchAll(/\bfn (\w+)/gu)].map(([, name]) => name),
  ];
  const renamed = (text: string): string =>
    text
      .replace(/\bP\[(\d+)\]/gu, (_, index: string) => `P[${Number(index) + first}]`)
      .replace(new RegExp(`\\b(${names.join("|")})\\b`, "gu"), `$1_${mark}`);
  return {
    tensors: tensors.map((tensor) => tensor.replace(/^\w+/u, `$&_${mark}`)),
    shared: parts.filter((part) => !isOwn(part)),
    own: renamed(own),
    body: renamed(body),
  };
}

/** Numbers are read by their places; a text that computes one cannot be moved. */
const canMove = ({ parts, body }: KernelPieces): boolean =>
  ![...parts, body].some((text) => /\bP\[\D/u.test(text) || /arrayLength/u.test(text));

function joinedKernel(left: Kernel, right: Kernel, numbers: number): Kernel | undefined {
  const [a, b] = [left.pieces, right.pieces];
  if (a === undefined || b === undefined || a.size !== b.size) return undefined;
  if (!canMove(a) || !canMove(b)) return undefined;
  // The first number says how many workgroups do the left one.
  const one = toldApart(a, 1, "l");
  const other = toldApart(b, 1 + numbers, "r");
  const shared = [...new Set([...one.shared, ...other.shared])];
  const bodies = [one, other].map(
    ({ own, body }, i) => `${own}\nfn do_${i}(block: u32, lane: u32) {\n${body}\n}`,
  );
  return kernelOf(`${left.name} + ${right.name} ${numbers}`, left.access + right.access, {
    size: a.size,
    tensors: [...one.tensors, ...other.tensors],
    parts: [...shared, ...bodies],
    body: "  if (block < P[0]) { do_0(block, lane); } else { do_1(block - P[0], lane); }",
  });
}

/** Both as one, or undefined where their kernels, or the device, do not allow it. */
export function joined(left: Dispatch, right: Dispatch, tensorsMax: number): Dispatch | undefined {
  const slots = [...left.slots, ...right.slots];
  if (slots.length >= tensorsMax) return undefined;
  // The left one's last row is whole, so that workgroups count on where it ends.
  if (left.groups > GROUPS_IN_ROW || right.groups > GROUPS_IN_ROW) return undefined;
  const kernel = joinedKernel(left.kernel, right.kernel, left.numbers.length);
  if (kernel === undefined) return undefined;
  return {
    kernel,
    numbers: [left.groups, ...left.numbers, ...right.numbers],
    slots,
    groups: left.groups + right.groups,
  };
}

/** Two runs of dispatches that do not need each other, joined one by one where they can be. */
export function besideEachOther(
  left: readonly Dispatch[],
  right: readonly Dispatch[],
  tensorsMax: number,
): readonly Dispatch[] {
  const all: Dispatch[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const pair = [left[i], right[i]].filter((one) => one !== undefined);
    const both = pair.length === 2 ? joined(pair[0], pair[1], tensorsMax) : undefined;
    all.push(...(both === undefined ? pair : [both]));
  }
  return all;
}
