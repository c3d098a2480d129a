/**
 * Decides what AMD's compute driver says of its nodes: a node with vector units is a GPU.
 * @source linux drivers/gpu/drm/amd/amdkfd/kfd_topology.c; JAX counts devices the same way
 */

import { numberIn } from "./tree.ts";
import type { Tree } from "./tree.ts";

/** A GPU as the compute driver lists it. */
export interface KfdNode {
  /** Where it sits on the PCI bus. */
  readonly place: string;
  /** The architecture: "gfx942". */
  readonly architecture: string;
  readonly memoryBytes: number | null;
}

const FOLDER = "sys/class/kfd/kfd/topology/nodes";

/** Heaps that are the device's own memory, visible to the processor or not. */
const OWN_HEAPS = ["1", "2"];

/** Every GPU of the compute driver. */
export function kfdNodes(tree: Tree): KfdNode[] {
  return tree.names(FOLDER).flatMap((node) => {
    const said = properties(tree.text(`${FOLDER}/${node}/properties`));
    const units = numberIn(said.get("simd_count") ?? null) ?? 0;
    const location = numberIn(said.get("location_id") ?? null);
    if (units === 0 || location === null) return [];
    const domain = numberIn(said.get("domain") ?? null) ?? 0;
    const version = numberIn(said.get("gfx_target_version") ?? null) ?? 0;
    return [
      {
        place: placeOf(domain, location),
        architecture: architectureOf(version),
        memoryBytes: memoryOf(tree, `${FOLDER}/${node}/mem_banks`),
      },
    ];
  });
}

/** 90402 is gfx942 (0x2 in the last place), 110000 is gfx1100, 90010 is gfx90a. */
function architectureOf(version: number): string {
  const [major, minor, step] = [
    Math.trunc(version / 10_000),
    Math.trunc(version / 100) % 100,
    version % 100,
  ];
  return `gfx${major}${minor.toString(16)}${step.toString(16)}`;
}

/** Bus in the upper byte, slot in five bits, function in three. */
function placeOf(domain: number, location: number): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const bus = hex((location >> 8) & 0xff, 2);
  return `${hex(domain, 4)}:${bus}:${hex((location >> 3) & 0x1f, 2)}.${location & 7}`;
}

function memoryOf(tree: Tree, folder: string): number | null {
  const sizes = tree.names(folder).map((bank) => {
    const said = properties(tree.text(`${folder}/${bank}/properties`));
    const isOwn = OWN_HEAPS.includes(said.get("heap_type") ?? "");
    return isOwn ? (numberIn(said.get("size_in_bytes") ?? null) ?? 0) : 0;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total === 0 ? null : total;
}

function properties(text: string | null): Map<string, string> {
  const lines = (text ?? "").split("\n").map((line) => line.trim().split(/\s+/u));
  return new Map(lines.flatMap(([key = "", value = ""]) => (value === "" ? [] : [[key, value]])));
}
