/** Decides how cases of npm `@ethersproject/testcases` are read: zipped JSON, one list a file. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";

/** The cases of one file. */
export function ethersCases<Case>(name: string): readonly Case[] {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("@ethersproject/testcases/package.json");
  const file = manifest.replace(/package\.json$/, `testcases/${name}.json.gz`);
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Case[];
}
