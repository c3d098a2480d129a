/** Decides what launchd is told of the daemon of a person on macOS. */

import { STOP_WITHIN_MS } from "../daemon/stopping.ts";

/** Name of the agent, and of its file. */
export const LAUNCHD_LABEL = "org.vivian.miner";

/** What an agent is made for. */
export interface PlistWish {
  /** Program and its first arguments, before `up`. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the daemon writes beside its own log. */
  readonly output: string;
}

/** The text of the agent's property list. */
export function launchdPlist({ program, environment, output }: PlistWish): string {
  const words = [...program, "up"].map((word) => `    <string>${escaped(word)}</string>`);
  const names = Object.entries(environment).flatMap(([name, value]) => [
    `    <key>${escaped(name)}</key>`,
    `    <string>${escaped(value)}</string>`,
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN"' +
      ' "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    "<dict>",
    `  <key>Label</key>\n  <string>${LAUNCHD_LABEL}</string>`,
    "  <key>ProgramArguments</key>\n  <array>",
    ...words,
    "  </array>",
    "  <key>EnvironmentVariables</key>\n  <dict>",
    ...names,
    "  </dict>",
    "  <key>RunAtLoad</key>\n  <true/>",
    "  <key>KeepAlive</key>\n  <dict>\n    <key>SuccessfulExit</key>\n    <false/>\n  </dict>",
    "  <key>ThrottleInterval</key>\n  <integer>10</integer>",
    `  <key>ExitTimeOut</key>\n  <integer>${(6 * STOP_WITHIN_MS) / 1_000}</integer>`,
    "  <key>ProcessType</key>\n  <string>Background</string>",
    "  <key>Nice</key>\n  <integer>19</integer>",
    "  <key>LowPriorityIO</key>\n  <true/>",
    "  <key>Umask</key>\n  <integer>63</integer>",
    `  <key>StandardErrorPath</key>\n  <string>${escaped(output)}</string>`,
    "</dict>",
    "</plist>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  const marks: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (mark) => marks[mark]);
}
