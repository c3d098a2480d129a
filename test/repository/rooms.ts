/**
 * Decides which room a file belongs to and what each room may import: DESIGN's section "Rooms" as
 * one table. Rank 8 holds many rooms that never import each other; each adapter folder is one of
 * them.
 */

/** A file imports from rooms of a lower rank, or from its own room. */
export const ROOM_RANKS: Readonly<Record<string, number>> = {
  contract: 0,
  ports: 1,
  crypto: 2,
  codec: 3,
  engine: 4,
  learning: 5,
  ledger: 6,
  consensus: 7,
  node: 8,
  miner: 8,
  energy: 8,
  wallet: 8,
  adapters: 8,
  api: 9,
  processes: 10,
  shell: 11,
};

/** Rooms up to this rank are pure: time, chance, disk and network come in as arguments. */
export const PURE_RANK_MAX = 7;

/** Rooms whose arithmetic must give equal bytes on every machine. */
export const EXACT_ROOMS: readonly string[] = ["engine", "learning", "ledger", "consensus"];

/** Plain JavaScript that runs before anything is installed. */
export const PLAIN_ROOMS: readonly string[] = ["bootstrap", "bin"];

/**
 * The room of a file below src-main: "engine", "adapters/disk", "bootstrap"; `undefined` elsewhere.
 */
export function roomOf(path: string): string | undefined {
  const parts = path.split("/");
  if (parts[0] !== "src-main") return undefined;
  const [, first, second] = parts;
  if (first === "bootstrap.mjs") return "bootstrap";
  if (first === undefined || second === undefined) return undefined;
  return first === "adapters" ? `adapters/${second}` : first;
}

/** The rank of a room as `roomOf` names it; `undefined` for plain rooms and unknown ones. */
export function rankOf(room: string): number | undefined {
  return ROOM_RANKS[room.split("/")[0] ?? ""];
}

/** True where a room is pure. */
export function isPure(room: string | undefined): boolean {
  if (room === undefined) return false;
  const rank = rankOf(room);
  return rank !== undefined && rank <= PURE_RANK_MAX;
}
