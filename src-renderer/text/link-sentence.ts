/** Decides what the top line says while the page has no daemon to speak of. */

import type { StateSentence } from "./state-sentence.ts";

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
        text: "This page's session has ended: run “vivian open” again.",
        small: `A session lives as long as the miner runs, a code for a minute. ${refusal}`,
      };
    default:
      return { tone: "calm", mark: "wait", text: "Connecting to the miner.", small: "" };
  }
}
