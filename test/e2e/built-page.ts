/** The built page for tests: what set-up made where it is fresh, else built now. */

import { existsSync } from "node:fs";
import { join } from "node:path";

import { ASSETS } from "./mocked-daemon.ts";

/** Makes sure that the page is there. */
export async function setUpPage(): Promise<void> {
  if (existsSync(join(ASSETS, "index.html"))) return;
  const { build } = await import("vite");
  await build({ logLevel: "error" });
}
