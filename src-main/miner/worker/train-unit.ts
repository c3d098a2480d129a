/**
 * Decides how a unit is trained: segment by segment, each ending in a state root, a chain link
 * and a checkpoint from which a killed worker goes on to the same final hash.
 */

import { Fault, invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import { encodeStateInto, stateBytesSize, stateRoot, stateViews } from "../../engine/index.ts";
import { chainNext, chainStart, segmentBoundaries, segmentCount } from "../../learning/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import type { Entropy } from "../../ports/entropy.ts";
import { evaluationOf, startState } from "../job/job-program.ts";
import type { JobProgram } from "../job/job-program.ts";
import type { LossPoint, WorkerReport, WorkerResult } from "../messages/worker-messages.ts";
import { STOPPED_STEPS_MAX } from "../limits.ts";
import { countCorrect, sumOfLosses } from "../training/batch-source.ts";
import type { Batch, BatchSource } from "../training/batch-source.ts";
import { SegmentTape } from "../training/segment-tape.ts";
import { downloadStates, uploadStates } from "../training/session-states.ts";
import { noteOutputs } from "../training/step-outputs.ts";
import type { ReadOutputs } from "../training/step-outputs.ts";
import { CHECKPOINT_VERSION, checkpointName, checkpointParts } from "./checkpoint.ts";
import type { CheckpointHeader } from "./checkpoint.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { resumeUnit } from "./resume-unit.ts";
import { drawNumber, SpotCheck } from "./spot-check.ts";
import { readStopped, STOPPED_NAME, stoppedParts } from "./stopped-segment.ts";
import type { StoppedSegment } from "./stopped-segment.ts";
import type { UnitFolder } from "./unit-folder.ts";
import { UnitStopwatch } from "./unit-times.ts";
import type { WorkClock } from "./unit-times.ts";

/** Which unit, of which job. */
export interface TrainTask {
  readonly unit: Uint8Array;
  readonly job: Uint8Array;
  readonly round: number;
  readonly shard: number;
  readonly jobProgram: JobProgram;
}

/** What training needs of the world. */
export interface TrainNeeds {
  readonly hasher: Hasher;
  readonly clock: WorkClock;
  readonly entropy: Entropy;
  readonly backend: EngineBackend;
  readonly batches: BatchSource;
  readonly folder: UnitFolder;
  readonly report: (report: WorkerReport) => void;
  /** Asked before each step: resolves true to go on (after a pause, maybe), false to stop. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** Hold-out samples evaluated in one run. */
const EVALUATION_BATCH = 100;

const floatScratch = new Float32Array(1);
const bitsScratch = new Uint32Array(floatScratch.buffer);

/** Bits of a number rounded to f32, for the loss curve. */
function bitsOf(value: number): number {
  floatScratch[0] = value;
  return bitsScratch[0];
}

/** The number of f32 bits. */
function lossOfBits(bits: number): number {
  bitsScratch[0] = bits;
  return floatScratch[0];
}

/**
 * Trains a unit, from its last whole checkpoint on.
 * @returns what a seal is made of; undefined when it was told to stop
 */
export async function trainUnit(
  task: TrainTask,
  needs: TrainNeeds,
): Promise<WorkerResult | undefined> {
  const session = await needs.backend.open(task.jobProgram.programBytes);
  try {
    return await new UnitTraining(task, needs, session).run();
  } finally {
    session.close();
  }
}

/** A step that was handed over and is not yet written down. */
interface StepRun {
  readonly step: number;
  readonly batch: Batch;
  readonly read: ReadOutputs;
}

/** One run of a worker over one unit. */
class UnitTraining {
  readonly #task: TrainTask;
  readonly #needs: TrainNeeds;
  readonly #session: EngineSession;
  readonly #watch: UnitStopwatch;
  readonly #meter = new ProgressMeter();
  #headers: CheckpointHeader[] = [];
  #startRoot = new Uint8Array(32);
  /** Memory of the checkpoint being written; each of them has the same size. */
  readonly #stateBytes: Uint8Array;
  readonly #stateViews: readonly Float32Array[] | undefined;
  #written: Promise<void> = Promise.resolve();
  /** Steps of the first segment that an earlier run has left; undefined once they are taken up. */
  #stopped: StoppedSegment | undefined;

  constructor(task: TrainTask, needs: TrainNeeds, session: EngineSession) {
    this.#task = task;
    this.#needs = needs;
    this.#session = session;
    this.#watch = new UnitStopwatch(needs.clock);
    this.#stateBytes = new Uint8Array(stateBytesSize(task.jobProgram.program));
    this.#stateViews = stateViews(task.jobProgram.program, this.#stateBytes);
  }

  async run(): Promise<WorkerResult | undefined> {
    await this.#resume();
    const count = segmentCount(this.#task.jobProgram.spec);
    while (this.#headers.length < count) {
      this.#watch.begin();
      const tape = await this.#segment(this.#headers.length);
      this.#watch.end();
      if (tape === undefined) return undefined;
      const header = await this.#watch.book("commit", () => this.#commit(tape));
      // Beside the account, like every report of progress: it commits to nothing.
      this.#needs.report({ kind: "segment", segment: header.segment, point: pointOf(header) });
    }
    // The last checkpoint is written while the hold-out samples are evaluated.
    const holdout = await this.#holdout();
    await this.#watch.book("commit", () => this.#written);
    return this.#result(holdout);
  }

  /** Start root, then the checkpoints that hold, then their states on the device. */
  async #resume(): Promise<void> {
    const { jobProgram, unit } = this.#task;
    const { hasher, folder, backend, report } = this.#needs;
    let states = startState(jobProgram);
    this.#startRoot = Uint8Array.from(stateRoot(hasher, jobProgram.program, states));
    const resumed = resumeUnit(hasher, folder, {
      unit,
      jobProgram,
      startRoot: this.#startRoot,
      chainStart: this.#chainStart(),
    });
    this.#headers = [...resumed.headers];
    states = resumed.states ?? states;
    const last = this.#headers.at(-1);
    if (last !== undefined) this.#watch.restore(last);
    const segment = this.#headers.length;
    const isWhole = segment === segmentCount(jobProgram.spec);
    const chain = last?.chain ?? this.#chainStart();
    const place = { unit, jobProgram, startRoot: this.#startRoot, segment, chain };
    this.#stopped = isWhole ? undefined : readStopped(hasher, folder, place);
    if (this.#stopped !== undefined) {
      states = this.#stopped.states;
      this.#watch.restore(this.#stopped.header);
    }
    await uploadStates(this.#session, states);
    report({
      kind: "ready",
      engine: backend.name,
      variant: backend.variant,
      resumedSegments: segment,
      resumedStep: (last?.step ?? 0) + (this.#stopped?.header.lossBits.length ?? 0),
      lossHistory: this.#headers.map(pointOf),
    });
  }

  /** Runs the steps of a segment; undefined when told to stop. */
  async #segment(segment: number): Promise<SegmentTape | undefined> {
    const { spec, program } = this.#task.jobProgram;
    const { entropy } = this.#needs;
    const tape = this.#takenUp(new SegmentTape(spec, segment));
    const taken = tape.steps;
    const checkedStep = tape.next + drawNumber(entropy, tape.last - tape.next + 1);
    let behind: StepRun | undefined;
    for (let step = tape.next; step <= tape.last; step += 1) {
      if (!(await this.#needs.mayGoOn())) {
        if (behind !== undefined) await this.#writeDown(tape, behind);
        await this.#written;
        if (tape.steps > taken) await this.#keep(tape, segment);
        return undefined;
      }
      const check = step === checkedStep ? new SpotCheck(program, entropy) : undefined;
      const run = await this.#step(step, check);
      // The device is at work on this step while the one before is written down.
      if (behind !== undefined) await this.#writeDown(tape, behind);
      behind = run;
    }
    if (behind !== undefined) await this.#writeDown(tape, behind);
    return tape;
  }

  /** Writes down the steps that an earlier run has left. */
  #takenUp(tape: SegmentTape): SegmentTape {
    const lossBits = this.#stopped?.header.lossBits ?? [];
    for (const bits of lossBits) {
      // By its bits: a loss that is no number has more than one pattern.
      const loss = new Float32Array(Uint32Array.of(bits).buffer);
      tape.add(this.#needs.batches.batch(tape.next), loss);
    }
    this.#stopped = undefined;
    return tape;
  }

  /** Leaves the steps of a segment for the next run; where that fails they are trained again. */
  async #keep(tape: SegmentTape, segment: number): Promise<void> {
    if (tape.steps > STOPPED_STEPS_MAX) return;
    this.#watch.end();
    const { unit, jobProgram } = this.#task;
    const { hasher, folder } = this.#needs;
    const { program, specificationHash } = jobProgram;
    try {
      const states = await downloadStates(this.#session, program, this.#stateViews);
      const header = {
        unit,
        specificationHash,
        startRoot: this.#startRoot,
        segment,
        chain: this.#headers.at(-1)?.chain ?? this.#chainStart(),
        stateRoot: stateRoot(hasher, program, states),
        lossBits: tape.lossBits,
        ...this.#watch.microseconds(),
      };
      encodeStateInto(program, states, this.#stateBytes);
      await folder.write(STOPPED_NAME, stoppedParts(hasher, header, this.#stateBytes));
    } catch (error) {
      // A stop must end in time and in order, whatever the disk says.
      if (!(error instanceof Fault)) throw error;
    }
  }

  async #step(step: number, check: SpotCheck | undefined): Promise<StepRun> {
    const { lossOutput, logitsOutput } = this.#task.jobProgram;
    if (check !== undefined) await this.#watch.book("spot", () => check.prepare(this.#session));
    const run = await this.#watch.book("train", async () => {
      const batch = this.#needs.batches.batch(step);
      await this.#session.run(step, batch.bytes);
      // A text is judged by its loss; its answers would be megabytes to look through each step.
      const outputs = this.#needs.batches.isText ? [lossOutput] : [lossOutput, logitsOutput];
      return { step, batch, read: await noteOutputs(this.#session, outputs) };
    });
    if (check !== undefined) {
      await this.#watch.book("spot", () => check.verify(this.#session, step, run.batch));
    }
    return run;
  }

  async #writeDown(tape: SegmentTape, { step, batch, read }: StepRun): Promise<void> {
    const measure = await this.#watch.book("train", async () => {
      const [loss, logits] = await read();
      tape.add(batch, loss);
      if (this.#needs.batches.isText) return { loss: loss[0], correct: 0, samples: 0 };
      const samples = batch.labels.length;
      return { loss: loss[0], correct: countCorrect(logits, batch.labels, samples), samples };
    });
    if (this.#meter.add(this.#needs.clock.monotonicMs(), measure)) this.#reportProgress(step);
  }

  #reportProgress(step: number): void {
    this.#needs.report({
      kind: "progress",
      step,
      segmentsDone: this.#headers.length,
      ...this.#meter.report(),
      times: this.#watch.times(),
    });
  }

  /** Ends a segment: roots, chain and checkpoint. The file is written while training goes on. */
  async #commit(tape: SegmentTape): Promise<CheckpointHeader> {
    const { unit, jobProgram } = this.#task;
    const { hasher, folder } = this.#needs;
    // At most one write is under way: the one before it must be on disk first, and no longer
    // reads the memory that both use.
    await this.#written;
    const states = await downloadStates(this.#session, jobProgram.program, this.#stateViews);
    const digests = tape.finish(hasher, unit);
    const root = stateRoot(hasher, jobProgram.program, states);
    const previous = this.#headers.at(-1)?.chain ?? this.#chainStart();
    const commitment = { stateRoot: root, batchDigest: digests.batchDigest };
    const header: CheckpointHeader = {
      version: CHECKPOINT_VERSION,
      unit,
      specificationHash: jobProgram.specificationHash,
      segment: this.#headers.length,
      step: tape.last,
      startRoot: this.#startRoot,
      ...commitment,
      innerDigest: digests.innerDigest,
      chain: chainNext(hasher, previous, tape.last, commitment),
      meanLossBits: bitsOf(tape.meanLoss),
      ...this.#watch.microseconds(),
    };
    encodeStateInto(jobProgram.program, states, this.#stateBytes);
    const parts = checkpointParts(hasher, header, this.#stateBytes);
    this.#written = folder.write(checkpointName(header.segment), parts);
    // A failure is met at the next await; without this it would end the process before that.
    this.#written.catch(() => undefined);
    this.#headers.push(header);
    return header;
  }

  #result(holdout: WorkerResult["holdout"]): WorkerResult {
    const last = this.#headers.at(-1);
    invariant(last !== undefined, "a unit has at least one segment");
    const boundaries = segmentBoundaries(this.#task.jobProgram.spec);
    invariant(last.step === boundaries.at(-1), "the last checkpoint is at the last step");
    return {
      kind: "done",
      startRoot: this.#startRoot,
      endRoot: last.stateRoot,
      chainHead: last.chain,
      list: this.#headers.map(({ stateRoot: root, batchDigest }) => {
        return { stateRoot: root, batchDigest };
      }),
      inners: this.#headers.map(({ innerDigest }) => innerDigest),
      holdout,
      times: this.#watch.times(),
    };
  }

  /** How well the samples are answered that training never saw. */
  async #holdout(): Promise<WorkerResult["holdout"]> {
    const { spec, program } = this.#task.jobProgram;
    const total = spec.holdoutCount;
    if (total === 0) return null;
    const { answersPerSample: each, isText } = this.#needs.batches;
    // A text has an answer a token, and its scores take their square: its own batch is enough.
    const size = Math.min(isText ? spec.batchSize : EVALUATION_BATCH, total);
    const evaluation = evaluationOf(this.#task.jobProgram, program, size);
    const session = await this.#needs.backend.open(evaluation.programBytes);
    try {
      for (const [state, source] of evaluation.states.entries()) {
        await session.upload(state, await this.#session.download(source));
      }
      let correct = 0;
      let losses = 0;
      for (let first = 0; first < total; first += size) {
        const { bytes, labels } = this.#needs.batches.holdout(first, size);
        await session.run(1, bytes);
        const rows = Math.min(size, total - first) * each;
        const logits = await session.output(0);
        correct += countCorrect(logits, labels, rows);
        if (isText) losses += sumOfLosses(logits, labels, rows);
      }
      const answers = total * each;
      return { correct, total: answers, nats: isText ? losses / answers : null };
    } finally {
      session.close();
    }
  }

  #chainStart(): Uint8Array {
    const { job, round, shard, jobProgram } = this.#task;
    return chainStart(this.#needs.hasher, {
      specificationHash: jobProgram.specificationHash,
      job,
      round,
      shard,
      startRoot: this.#startRoot,
    });
  }
}

function pointOf(header: CheckpointHeader): LossPoint {
  return { step: header.step, loss: lossOfBits(header.meanLossBits) };
}
