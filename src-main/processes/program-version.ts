/** Decides what version this program says it is: the one in package.json. */

import { readFileSync } from "node:fs";

/** The version in package.json. */
export function programVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  const document = JSON.parse(readFileSync(file, "utf8")) as { version?: unknown };
  return typeof document.version === "string" ? document.version : "unknown";
}
