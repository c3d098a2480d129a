/** Decides what the thread does that recovers signers: it answers one batch after another. */

import { parentPort } from "node:worker_threads";
import { nativeSignatures } from "./choose-signatures.ts";
import { answerBytes, READY } from "./recovery-batch.ts";

const { backend } = await nativeSignatures();

parentPort?.on("message", (questions: Uint8Array) => {
  const answers = answerBytes(backend, questions);
  parentPort?.postMessage(answers, [answers.buffer as ArrayBuffer]);
});
parentPort?.postMessage(READY);
