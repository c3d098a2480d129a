/** Decides what the top line says while the page has no daemon to speak of. */

import type { StateSentence } from "./state-sentence.ts";

/** The same in a word or three. */
export function linkWords(link: string): string {
  if (link === "lost") return "the miner is away";
  return link === "ended" || link === "no-session" ? "no session" : "connecting";
}

/** Why nobody gets in: no code was given, it did not count, or a session that was is over. */
export function lockedTitle(link: string, refusal: string): string {
  if (link !== "ended") return "This page needs a code";
  if (refusal === "API_CODE") return "This code was used before or is too old";
  return "This page's session has ended";
}

/** The sentence for a page without a living connection. */
export function linkSentence(link: string, refusal: string): StateSentence {
  switch (link) {
    case "lost":
      return {
        tone: "attention",
        mark: "offline",
        text: "The miner does not answer; this page tries again by itself.",
        small: "",
      };
    case "no-session":
      return {
        tone: "calm",
        mark: "lock",
        text: "Open this page with “vivian open”.",
        small: "Only the owner's own account on this machine gets in.",
      };
    case "ended":
      return {
        tone: "attention",
        mark: "lock",
        text: `${lockedTitle(link, refusal)}: run “vivian open” again.`,
        small: `A session lives as long as the miner runs, a code for a minute. ${refusal}`,
      };
    default:
      return { tone: "calm", mark: "wait", text: "Connecting to the miner.", small: "" };
  }
}
