/**
 * Decides whether somebody uses the machine: on Linux by what the desktops tell logind. Where there
 * is no logind, no session of a person, or no word of one, it is not known; nothing is guessed from
 * input devices.
 */

import { execFile } from "node:child_process";

/** loginctl answers in milliseconds; one that hangs is left. */
const ANSWER_WITHIN_MS = 2_000;

/** Sessions that are asked for at most. */
const SESSIONS_MAX = 16;

/** Runs loginctl with these words; null where it fails. */
export type AskLogind = (words: readonly string[]) => Promise<string | null>;

/** Whether a person is active in a session of this machine; null where nobody tells. */
export async function userActive(ask: AskLogind = askLoginctl): Promise<boolean | null> {
  const listed = await ask(["list-sessions", "--no-legend"]);
  if (listed === null) return null;
  const ids = listed
    .split("\n")
    .map((line) => /^\s*(\S+)/.exec(line)?.[1])
    .filter((id) => id !== undefined)
    .slice(0, SESSIONS_MAX);
  if (ids.length === 0) return null;
  const words = ["-p", "Class", "-p", "Type", "-p", "Remote", "-p", "State", "-p", "IdleHint"];
  const shown = await ask(["show-session", ...ids, ...words]);
  if (shown === null) return null;
  // One block for each session, blank lines between them.
  const told = shown.split(/\n\s*\n/).map((block) => {
    return new Map(block.split("\n").map((line) => line.trim().split("=") as [string, string]));
  });
  const desktops = told.filter((session) => {
    const isPerson = session.get("Class") === "user" && session.get("Remote") === "no";
    // A terminal never tells that it is idle: only desktops do.
    return isPerson && ["x11", "wayland", "mir"].includes(session.get("Type") ?? "");
  });
  if (desktops.length === 0) return null;
  return desktops.some((one) => one.get("State") === "active" && one.get("IdleHint") === "no");
}

const askLoginctl: AskLogind = (words) =>
  new Promise((resolve) => {
    if (process.platform !== "linux") {
      resolve(null);
      return;
    }
    const bounds = { timeout: ANSWER_WITHIN_MS, killSignal: "SIGKILL" } as const;
    execFile("loginctl", words, bounds, (error, stdout) => resolve(error === null ? stdout : null));
  });
