/** Decides what a verifier process does: one unit's drawn segments, one verdict, then it ends. */

import { decode } from "../../codec/index.ts";
import { Fault } from "../../contract/outcome.ts";
import { jobSpecificationCodec } from "../../learning/index.ts";
import { openJob } from "../job/job-program.ts";
import { withStart } from "../job/start-state.ts";
import type { ChildPort } from "../messages/child-port.ts";
import { checkVerifierCommand } from "../messages/verifier-messages.ts";
import type { StartVerifier, VerifierReport } from "../messages/verifier-messages.ts";
import { openBatchSource } from "../training/batch-source.ts";
import { fail } from "../worker/serve-worker.ts";
import type { WorkerNeeds } from "../worker/serve-worker.ts";
import { replayUnit } from "./replay-unit.ts";

/** What a verifier process is made of. */
export type VerifierNeeds = Omit<WorkerNeeds, "after" | "entropy" | "holdUnitFolder" | "turn">;

/** Serves the daemon until the verdict is given or the daemon says stop. */
export function serveVerifier(port: ChildPort, needs: VerifierNeeds): void {
  const states = new StateRequests(port);
  let started = false;
  port.onMessage((message) => {
    const command = checkVerifierCommand(message);
    if (!command.ok) {
      fail(port, new Fault(command.rejection.code, "a message of the daemon is malformed"));
      return;
    }
    if (command.value.kind === "stop") port.end(0);
    if (command.value.kind === "state") states.answer(command.value.segment, command.value.bytes);
    if (command.value.kind !== "start" || started) return;
    started = true;
    verify(command.value, states, port, needs).catch((error: unknown) => fail(port, error));
  });
}

async function verify(
  start: StartVerifier,
  states: StateRequests,
  port: ChildPort,
  needs: VerifierNeeds,
): Promise<void> {
  const began = needs.clock.monotonicMs();
  const spec = decode(jobSpecificationCodec, start.specification);
  if (!spec.ok) throw new Fault(spec.rejection.code, "the specification is not canonical");
  const opened = openJob(needs.hasher, spec.value);
  const jobProgram = withStart(needs.hasher, opened, start.startPath);
  const backend = await needs.openBackend(start.device);
  const batches = openBatchSource(needs.hasher, spec.value, needs.readDataset(start.datasetPath));
  const report = (message: VerifierReport): void => port.send(message);
  const verdict = await replayUnit(
    { ...start, jobProgram },
    {
      hasher: needs.hasher,
      backend,
      batches,
      stateBefore: (segment) => states.ask(segment),
      progress: (checked) => report({ kind: "progress", checked, total: start.segments.length }),
    },
  );
  report({
    kind: "verdict",
    ...verdict,
    cpuMs: needs.clock.processorMs(),
    wallMs: needs.clock.monotonicMs() - began,
  });
  port.end(0);
}

/** States asked of the daemon, one at a time. */
class StateRequests {
  readonly #port: ChildPort;
  readonly #waiting = new Map<number, (bytes: Uint8Array | null) => void>();

  constructor(port: ChildPort) {
    this.#port = port;
  }

  ask(segment: number): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      this.#waiting.set(segment, resolve);
      const request: VerifierReport = { kind: "need-state", segment };
      this.#port.send(request);
    });
  }

  /** An answer nobody waits for is dropped. */
  answer(segment: number, bytes: Uint8Array | null): void {
    const resolve = this.#waiting.get(segment);
    this.#waiting.delete(segment);
    resolve?.(bytes);
  }
}
