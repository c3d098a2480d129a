/** Decides what amounts, digests and files a command line may hold, each refused with its code. */

import { readFileSync, statSync } from "node:fs";

import { hexToBytes } from "../../contract/bytes.ts";
import { parseViv } from "../../contract/units.ts";
import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import { CommandFailure } from "./failure.ts";

/** A file that is read whole; larger ones are named by their digest instead. */
const FILE_BYTES_MAX = 1_073_741_824;

/** An amount of VIV above zero, in base units. Throws WALLET_AMOUNT, WALLET_AMOUNT_ZERO. */
export function needAmount(text: string): bigint {
  const amountBase = needAnyAmount(text);
  if (amountBase === 0n) throw new CommandFailure({ code: "WALLET_AMOUNT_ZERO" });
  return amountBase;
}

/** An amount of VIV, zero included, in base units. Throws WALLET_AMOUNT. */
export function needAnyAmount(text: string): bigint {
  const amountBase = parseViv(text);
  if (amountBase === null || amountBase < 0n) {
    throw new CommandFailure({ code: "WALLET_AMOUNT", facts: { amount: text.slice(0, 64) } });
  }
  return amountBase;
}

/** 32 bytes in hex, with or without 0x. Throws PROCESSES_DIGEST. */
export function needDigest(text: string): Uint8Array {
  const digits = text.replace(/^0x/, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return hexToBytes(digits);
  throw new CommandFailure({ code: "PROCESSES_DIGEST", facts: { given: text.slice(0, 80) } });
}

/** A file's bytes. Throws PROCESSES_INPUT_FILE. */
export function needFile(file: string, bytesMax = FILE_BYTES_MAX): Uint8Array {
  let reason = "";
  try {
    const { size } = statSync(file);
    if (size <= bytesMax) return new Uint8Array(readFileSync(file));
    reason = `it has more than ${bytesMax} bytes`;
  } catch (error) {
    reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  }
  throw new CommandFailure({ code: "PROCESSES_INPUT_FILE", facts: { file, reason } });
}

/** SHA-256 of a file, as hex; what names a blob. */
export function digestOfFile(file: string): Uint8Array {
  return nativeSha256(needFile(file));
}
