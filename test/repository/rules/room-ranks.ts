/**
 * Decides who may import whom between rooms: only downwards, and never between rooms of one rank.
 */
import { importsOf } from "../imports.ts";
import type { Import } from "../imports.ts";
import { PLAIN_ROOMS, ROOM_RANKS, rankOf, roomOf } from "../rooms.ts";
import type { Finding, Rule, TreeFile } from "../tree.ts";

/** The page's folders in the order of their dependencies. */
const PAGE_ORDER = ["text", "style", "elements", "bridge", "state", "parts", "screens"];

/** The page may take these from src-main, and what the light client needs with it. */
const PAGE_TAKES = ["contract", "codec", "crypto", "ledger/light"];

export const roomRanks: Rule = {
  name: "room-ranks",
  holds: "a file imports only from rooms of a lower rank, or from its own",
  check(tree) {
    return tree.files.flatMap((file) => [...unknownRoom(file), ...wrongImports(file)]);
  },
};

function unknownRoom(file: TreeFile): Finding[] {
  const room = roomOf(file.path);
  if (room === undefined || PLAIN_ROOMS.includes(room)) return [];
  if (rankOf(room) !== undefined) return [];
  const known = Object.keys(ROOM_RANKS).join(", ");
  const message = `"${room}" is no room; move the file into one of: ${known}`;
  return [{ path: file.path, line: 1, message }];
}

function wrongImports(file: TreeFile): Finding[] {
  return importsOf(file).flatMap((one) => {
    const message = refusal(file, one);
    return message === undefined ? [] : [{ path: file.path, line: one.line, message }];
  });
}

function refusal(file: TreeFile, one: Import): string | undefined {
  if (one.target === undefined) return plainRefusal(file, one);
  if (file.path.startsWith("src-renderer/")) return pageRefusal(file, one.target);
  const from = roomOf(file.path);
  const to = roomOf(one.target);
  if (from === undefined) return undefined;
  if (to === undefined) {
    const message = "src-main imports nothing outside it; bring the value in as an argument";
    return one.target.startsWith("src-main/") ? undefined : message;
  }
  if (from === to) return undefined;
  if (PLAIN_ROOMS.includes(from)) {
    return PLAIN_ROOMS.includes(to)
      ? undefined
      : "set-up runs before anything is installed; it may import only src-main/bootstrap";
  }
  const own = rankOf(from);
  const other = rankOf(to);
  if (own === undefined) return undefined;
  if (from === "shell" && to !== "contract") return "shell takes only contract/";
  if (other !== undefined && other < own) return undefined;
  return (
    `${from} (rank ${own}) may not import ${to} (rank ${other ?? "none"}); ` +
    `declare an interface here and let processes/ pass the thing in`
  );
}

function plainRefusal(file: TreeFile, one: Import): string | undefined {
  const from = roomOf(file.path);
  if (from === undefined || !PLAIN_ROOMS.includes(from)) return undefined;
  if (one.specifier.startsWith("node:")) return undefined;
  return "set-up runs before anything is installed; it may import only node: modules";
}

function pageRefusal(file: TreeFile, target: string): string | undefined {
  if (target.startsWith("src-main/")) {
    const taken = PAGE_TAKES.some((room) => target.startsWith(`src-main/${room}/`));
    return taken ? undefined : `the page takes only ${PAGE_TAKES.join(", ")} from src-main`;
  }
  const own = PAGE_ORDER.indexOf(file.path.split("/")[1] ?? "");
  const other = PAGE_ORDER.indexOf(target.split("/")[1] ?? "");
  if (own < 0 || other <= own) return undefined;
  return `the page's folders depend in this order: ${PAGE_ORDER.join(", ")}`;
}
