/** Decides what a check of an export notes down, so that the next one can go on from there. */

import { isHex } from "../../contract/bytes.ts";
import type { WalkPlace } from "./commit-walk.ts";
import type { TreePlace } from "./tree-walk.ts";

/** How far a check is; kept by whoever checks, and believed. */
export interface ExportPlace {
  readonly genesis: string;
  readonly slots: number;
  readonly walk: WalkPlace;
  readonly vector: TreePlace;
  readonly outcome: TreePlace;
}

/** The text of a note. */
export function placeText(place: ExportPlace): string {
  return JSON.stringify(place);
}

/** Reads a note of a check of that network; undefined for anything else. */
export function readPlace(text: string, genesis: string): ExportPlace | undefined {
  let place: Partial<ExportPlace> | null;
  try {
    place = JSON.parse(text) as Partial<ExportPlace> | null;
  } catch {
    return undefined;
  }
  const { slots, walk, vector, outcome } = place ?? {};
  const fits =
    place?.genesis === genesis &&
    Number.isSafeInteger(slots) &&
    isWalk(walk) &&
    isTree(vector) &&
    isTree(outcome);
  return fits ? (place as ExportPlace) : undefined;
}

function isWalk(walk: unknown): walk is WalkPlace {
  const fields = (walk ?? {}) as Record<string, unknown>;
  const counts = ["number", "firstSlot", "end"].every((name) => Number.isSafeInteger(fields[name]));
  const texts = ["epoch", "view", "parentView", "digest"];
  return counts && texts.every((name) => typeof fields[name] === "string");
}

function isTree(tree: unknown): tree is TreePlace {
  const { frontier, tiles } = (tree ?? {}) as Record<string, unknown>;
  const hex = (text: unknown): boolean => typeof text === "string" && isHex(text);
  return hex(frontier) && Array.isArray(tiles) && tiles.every(hex);
}
