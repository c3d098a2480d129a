/** Decides what a daemon says it is. */

import { CONTROL_API_VERSION } from "../../contract/control-api/index.ts";
import { programVersion } from "../program-version.ts";

/** The answer to `version`. */
export function versionAnswer(network: string) {
  const version = programVersion();
  return { version, api: CONTROL_API_VERSION, node: process.version, network };
}
