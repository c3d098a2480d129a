/** Decides whether this machine checks account signatures as fast as it could. */

import { nativeSignatures } from "../../adapters/native-crypto/index.ts";
import type { ChosenSignatures } from "../../adapters/native-crypto/index.ts";
import { explainCode } from "../../contract/explain.ts";
import { attention, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

const CHECK = "signatures";

const WORDS = {
  compiled: "libsecp256k1, compiled",
  wasm: "libsecp256k1 as WebAssembly, three times slower than compiled",
  plain: "plain JavaScript, some twenty times slower than compiled",
} as const;

/** Who checks signatures here; a wrong answer of a faster way comes before an absent one. */
export async function checkSignatures(
  choose: () => Promise<ChosenSignatures> = nativeSignatures,
): Promise<Finding> {
  const { name, passedOver } = await choose();
  const wrong = passedOver.find(({ fault }) => fault.code === "NATIVE_CRYPTO_DISAGREES");
  const [first] = passedOver;
  const reason = wrong ?? first;
  if (reason === undefined) return ok(CHECK, WORDS[name]);
  // WebAssembly is what a machine without a prebuilt library is meant to use.
  if (wrong === undefined && name === "wasm") return ok(CHECK, WORDS[name]);
  const { code, message } = reason.fault;
  return attention(CHECK, `${WORDS[name]}; ${code}: ${message}`, explainCode(code).next);
}
