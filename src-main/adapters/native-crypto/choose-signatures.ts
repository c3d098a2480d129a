/**
 * Decides who recovers and makes account signatures on this machine: libsecp256k1 compiled, else as
 * WebAssembly, else the definition in plain JavaScript. None is used that answers one of a set of
 * questions otherwise than the definition: a node that accepts other signatures leaves the network.
 */

import { Fault } from "../../contract/index.ts";
import { nobleSignatures } from "../../crypto/index.ts";
import type { SignatureBackend } from "../../crypto/index.ts";
import { loadCompiled, loadWasm, signaturesOver } from "./libsecp-signatures.ts";
import { answersOf, RIGHT_ANSWERS, wrongAnswers } from "./signature-questions.ts";

/** "compiled" and "wasm" are libsecp256k1, "plain" is the definition. */
export type SignatureBackendName = "compiled" | "wasm" | "plain";

/** A backend that may be there. */
export interface SignatureCandidate {
  readonly name: SignatureBackendName;
  /** Throws, or rejects, where this machine cannot load it. */
  readonly load: () => SignatureBackend | Promise<SignatureBackend>;
}

/** Why a faster backend is not used. */
export interface PassedOver {
  readonly name: SignatureBackendName;
  readonly fault: Fault;
}

/** The backend in use, and those that would have been faster. */
export interface ChosenSignatures {
  readonly name: SignatureBackendName;
  readonly backend: SignatureBackend;
  readonly passedOver: readonly PassedOver[];
}

const CANDIDATES: readonly SignatureCandidate[] = [
  { name: "compiled", load: () => signaturesOver(loadCompiled()) },
  { name: "wasm", load: async () => signaturesOver(await loadWasm()) },
];

/**
 * The fastest backend that is right on this machine.
 * @param candidates  fastest first; others in tests
 */
export async function chooseSignatures(
  candidates: readonly SignatureCandidate[] = CANDIDATES,
): Promise<ChosenSignatures> {
  const passedOver: PassedOver[] = [];
  for (const { name, load } of candidates) {
    try {
      const backend = await load();
      checkAnswers(name, backend);
      return { name, backend, passedOver };
    } catch (error) {
      passedOver.push({ name, fault: faultOf(name, error) });
    }
  }
  return { name: "plain", backend: nobleSignatures, passedOver };
}

/** Throws Fault NATIVE_CRYPTO_DISAGREES with the names of the questions. */
function checkAnswers(name: SignatureBackendName, backend: SignatureBackend): void {
  let answers: string;
  try {
    answers = answersOf(backend);
  } catch (error) {
    answers = error instanceof Error ? error.message : String(error);
  }
  if (answers === RIGHT_ANSWERS) return;
  const wrong = wrongAnswers(backend, nobleSignatures).join(", ") || "signing";
  throw new Fault("NATIVE_CRYPTO_DISAGREES", `${name} answers otherwise: ${wrong}`, {
    backend: name,
    questions: wrong,
  });
}

function faultOf(name: SignatureBackendName, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Fault("NATIVE_CRYPTO_ABSENT", reason, { backend: name }, error);
}

/** Chosen when it is first needed; one process needs one. */
let chosen: Promise<ChosenSignatures> | undefined;

/** The backend of this process. */
export function nativeSignatures(): Promise<ChosenSignatures> {
  return (chosen ??= chooseSignatures());
}
