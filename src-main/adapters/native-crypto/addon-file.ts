/**
 * Decides where the native addon lies. Set-up builds it into the repository's build folder
 * (binding.gyp); its absence is an ordinary state, which whoever asks turns into the slower way.
 */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const ADDON_URL = new URL("../../../build/Release/vivian_native.node", import.meta.url);

/** Loads the addon as what the asker uses of it; throws where there is none. */
export function loadAddonFile<Binding>(): Binding {
  const path = fileURLToPath(ADDON_URL);
  if (!existsSync(path)) throw new Error("the native addon is not built");
  return createRequire(import.meta.url)(path) as Binding;
}
