/** Decides how each duty of a unit is done: train, seal, reveal, replay, commit, open. */

import { encode } from "../../codec/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import type { Payload, UnitRow } from "../../ledger/index.ts";
import {
  challengeAlpha,
  drawSegments,
  innerCommitment,
  innerListRoot,
  openInners,
  publishedListCodec,
  sealOf,
} from "../../learning/index.ts";
import type { DeviceChoice } from "../messages/worker-messages.ts";
import type { AccountSigner, MinerNeeds, VerifierSigner } from "../needs.ts";
import type { ChildRun } from "./child-run.ts";
import type { DeviceTurn } from "./device-turn.ts";
import { demandTier, energyStatement } from "./state-energy.ts";
import type { UnitAction, UnitHoldings } from "./next-action.ts";
import type { RecordSender } from "./record-sender.ts";
import { UnitFiles } from "./unit-files.ts";
import type { HeldVerdict, HeldWork } from "./unit-files.ts";
import { heldVerdict, heldWork, showVerdict, showWork } from "./unit-keep.ts";
import type { UnitOrigin } from "./unit-origin.ts";
import { replayRun } from "./unit-replay.ts";
import type { UnitSlots, UnitStatus } from "./unit-status.ts";
import { trainingRun } from "./unit-training.ts";

/** What duties are done with on this machine. */
export interface DutyOptions {
  readonly unitFolder: string;
  readonly workerDevice: DeviceChoice;
  readonly verifierDevice: DeviceChoice;
  readonly sender: RecordSender;
  /** Training waits for its turn at the device, and while the miner is paused. */
  readonly turn: DeviceTurn;
  /** Share of the time in which training steps may run, as it is now. */
  readonly pace: () => number;
}

/** What became of a duty. */
export type DutyEnd =
  | { readonly kind: "done" }
  | { readonly kind: "stopped" }
  | { readonly kind: "refused"; readonly code: string };

const DONE: DutyEnd = { kind: "done" };
const STOPPED: DutyEnd = { kind: "stopped" };

/** The duties of one unit. */
export class UnitDuties {
  readonly #origin: UnitOrigin;
  readonly #status: UnitStatus;
  readonly #options: DutyOptions;
  readonly #needs: MinerNeeds;
  readonly #changed: () => void;
  readonly #files: UnitFiles;
  #work: HeldWork | undefined;
  #verdict: HeldVerdict | undefined;
  #run: Pick<ChildRun<never, never>, "stop" | "tell"> | undefined;
  #isTraining = false;
  #stopped = false;

  constructor(
    origin: UnitOrigin,
    status: UnitStatus,
    options: DutyOptions,
    needs: MinerNeeds,
    changed: () => void,
  ) {
    this.#origin = origin;
    this.#status = status;
    this.#options = options;
    this.#needs = needs;
    this.#changed = changed;
    this.#files = new UnitFiles(needs.hasher, options.unitFolder);
    this.#work = this.#files.readWork();
    this.#verdict = this.#files.readVerdict();
    if (this.#work !== undefined) this.#showKept(this.#work);
    if (this.#verdict !== undefined) showVerdict(status, this.#verdict);
    for (const { code, facts } of this.#damages()) {
      needs.log.warn("a file of a unit is damaged", { unit: status.unit, code, ...facts });
    }
  }

  /** What was found damaged, as it ends the unit where it cannot be made again. */
  #damages(): readonly Fault[] {
    const { workHolding, verdictHolding, workPath, verdictPath } = this.#files;
    const message = (path: string) => `${path} is not what was written`;
    const faults: Fault[] = [];
    if (workHolding === "damaged") {
      faults.push(new Fault("MINER_WORK_DAMAGED", message(workPath), { path: workPath }));
    }
    if (verdictHolding === "damaged") {
      faults.push(new Fault("MINER_VERDICT_DAMAGED", message(verdictPath), { path: verdictPath }));
    }
    return faults;
  }

  /** Shows work of an earlier run; its trained state is, or will be, the blob of this hash. */
  #showKept(work: HeldWork): void {
    showWork(this.#status, work);
    const trained = this.#files.stateAfter(work.list.length - 1);
    if (trained !== null) this.#status.modelBlob = bytesToHex(this.#needs.hasher(trained));
  }

  /** What the unit's folder holds. */
  holdings(): UnitHoldings {
    return { work: this.#files.workHolding, verdict: this.#files.verdictHolding };
  }

  /** Says something to the worker, if one trains; a verifier goes on and knows no such words. */
  tell(message: { readonly kind: "pause" | "resume" }): void {
    if (this.#isTraining) this.#run?.tell(message);
  }

  /** Ends the worker, if one trains; what it has not kept by then is trained again. */
  closeDevice(): void {
    if (this.#isTraining) this.#run?.stop();
  }

  /** Has the worker take up the pace of now; checks of others' work have none. */
  repace(): void {
    if (this.#isTraining) this.#run?.tell({ kind: "pace", pace: this.#options.pace() });
  }

  /** Ends the child that works on the unit, if one does. */
  stop(): void {
    this.#stopped = true;
    this.#run?.stop();
  }

  /** Deletes the unit's files. */
  async forget(): Promise<void> {
    await this.#files.folder.remove();
  }

  /** Does one duty. Throws a Fault where this machine cannot. */
  perform(action: Exclude<UnitAction, "wait" | "end">, row: UnitRow): Promise<DutyEnd> {
    switch (action) {
      case "train":
        return this.#train(row);
      case "seal":
        return this.#seal();
      case "reveal":
        return this.#reveal(row);
      case "replay":
        return this.#replay(row);
      case "commit-verdict":
        return this.#commitVerdict();
      case "open-inners":
        return this.#openInners(row);
      case "open-verdict":
        return this.#openVerdict();
      case "work-damaged":
        return this.#giveUp("MINER_WORK_DAMAGED");
      case "verdict-damaged":
        return this.#giveUp("MINER_VERDICT_DAMAGED");
    }
  }

  async #train(row: UnitRow): Promise<DutyEnd> {
    const { workerDevice, unitFolder, turn, pace } = this.#options;
    const { unit, spec } = this.#origin;
    demandTier(spec, this.#needs.energy);
    const leave = await turn.enter();
    try {
      if (this.#stopped) return STOPPED;
      const { job, round, shard } = row;
      const run = trainingRun(
        {
          unit,
          job,
          round,
          shard,
          spec,
          unitFolder,
          datasetPath: this.#datasetPath(),
          startPath: this.#startPath(),
          device: workerDevice,
          pace,
        },
        this.#status,
        this.#changed,
        this.#needs,
      );
      this.#run = run;
      this.#isTraining = true;
      const result = await run.run();
      if (result === undefined || result === "stopped") {
        // Whoever trains it again begins behind the last checkpoint.
        this.#status.step = this.#status.lossHistory.at(-1)?.step ?? 0;
        this.#changed();
        return STOPPED;
      }
      const work = heldWork(result, this.#needs.entropy.bytes(32));
      // On disk before the seal is sent: without its salt a seal can never be opened.
      await this.#files.writeWork(work);
      this.#work = work;
      return DONE;
    } finally {
      this.#run = undefined;
      this.#isTraining = false;
      leave();
    }
  }

  #seal(): Promise<DutyEnd> {
    const work = this.#heldWork();
    const { unit } = this.#origin;
    const worker = this.#worker();
    const seal = sealOf(this.#needs.hasher, {
      chainHead: work.chainHead,
      innerListRoot: innerListRoot(this.#needs.hasher, work.inners),
      unit,
      worker: worker.address,
      salt: work.salt,
    });
    return this.#send(worker, { kind: "unit-seal", unit, seal }, "seal");
  }

  async #reveal(row: UnitRow): Promise<DutyEnd> {
    const work = this.#heldWork();
    const { hasher, blobs } = this.#needs;
    const { unit } = this.#origin;
    invariant(row.phase === "sealed", "a reveal follows a seal");
    const stated = await this.#stateEnergy();
    if (stated.kind !== "done") return stated;
    const listDigest = await blobs.put(encode(publishedListCodec, work.list));
    const trained = this.#files.stateAfter(work.list.length - 1);
    if (trained !== null) this.#status.modelBlob = bytesToHex(await blobs.put(trained));
    const payload: Payload = {
      kind: "unit-reveal",
      unit,
      startRoot: work.startRoot,
      endRoot: work.endRoot,
      chainHead: work.chainHead,
      innerListRoot: innerListRoot(hasher, work.inners),
      listDigest,
      segmentCount: work.list.length,
      salt: work.salt,
    };
    return await this.#send(this.#worker(), payload, "reveal");
  }

  /** Where the job demands it; a statement of an earlier start stands. */
  async #stateEnergy(): Promise<DutyEnd> {
    const { spec } = this.#origin;
    if (spec.energyTier === 0) return DONE;
    const payload = await energyStatement(this.#status.unit, spec, this.#needs.energy);
    const sent = await this.#send(this.#worker(), payload, "energy");
    return sent.kind === "refused" && sent.code === "LEDGER_ENERGY_TWICE" ? DONE : sent;
  }

  async #replay(row: UnitRow): Promise<DutyEnd> {
    const { unit, spec } = this.#origin;
    const { hasher, blobs, entropy } = this.#needs;
    const { proof, output } = this.#verifier().prove(challengeAlpha(unit, row.chainHead));
    const draw = drawSegments(hasher, row.beacon, output, spec);
    this.#status.phase = "verifying";
    this.#status.verification = {
      ...this.#status.verification,
      mode: draw.full ? "full" : "sampled",
      checked: 0,
      total: draw.segments.length,
    };
    this.#changed();
    const run = replayRun(
      {
        unit,
        row,
        spec,
        draw,
        list: (await blobs.get(row.listDigest)) ?? null,
        datasetPath: this.#datasetPath(),
        startPath: this.#startPath(),
        device: this.#options.verifierDevice,
        stateAfter: (segment) => this.#files.stateAfter(segment),
      },
      this.#status,
      this.#changed,
      this.#needs,
    );
    if (this.#stopped) return STOPPED;
    this.#run = run;
    try {
      const result = await run.run();
      if (result === undefined) return STOPPED;
      const verdict = heldVerdict(result, {
        salt: entropy.bytes(32),
        vrfProof: proof,
        full: draw.full ? 1 : 0,
        segments: draw.segments,
      });
      await this.#files.writeVerdict(verdict);
      this.#verdict = verdict;
      showVerdict(this.#status, verdict);
      return DONE;
    } finally {
      this.#run = undefined;
    }
  }

  #commitVerdict(): Promise<DutyEnd> {
    const { inners, salt, vrfProof } = this.#heldVerdict();
    const verifier = this.#verifier();
    const { unit } = this.#origin;
    const commitment = innerCommitment(this.#needs.hasher, inners, verifier.address, salt);
    const payload: Payload = { kind: "verdict-commit", unit, vrfProof, commitment };
    return this.#send(verifier, payload, "verdictCommit");
  }

  /** Ends the unit here with a code instead of a silent wait for the ledger's deadline. */
  #giveUp(code: string): Promise<never> {
    const fault = this.#damages().find((each) => each.code === code);
    invariant(fault !== undefined, "only what is damaged is given up");
    return Promise.reject(fault);
  }

  #openInners(row: UnitRow): Promise<DutyEnd> {
    const { unit } = this.#origin;
    const openings = openInners(this.#needs.hasher, this.#heldWork().inners, row.drawn);
    return this.#send(this.#worker(), { kind: "inner-open", unit, openings }, "innerOpen");
  }

  #openVerdict(): Promise<DutyEnd> {
    const { salt, inners, verdict, segment } = this.#heldVerdict();
    const { unit } = this.#origin;
    const payload: Payload = { kind: "verdict-open", unit, salt, inners, verdict, segment };
    return this.#send(this.#verifier(), payload, "verdictOpen");
  }

  async #send(signer: AccountSigner, payload: Payload, slot: keyof UnitSlots): Promise<DutyEnd> {
    const sent = await this.#options.sender.send(signer, payload);
    if (sent.ok) {
      this.#status.slots[slot] = sent.value.slot;
      this.#changed();
      return DONE;
    }
    const { code } = sent.rejection;
    // The node ends before we do; the record is sent again at the next start.
    return code === "NODE_STOPPED" ? STOPPED : { kind: "refused", code };
  }

  #datasetPath(): string {
    const path = this.#needs.datasetPath(this.#origin.spec.datasetRoot);
    if (path !== undefined) return path;
    const root = bytesToHex(this.#origin.spec.datasetRoot);
    throw new Fault("MINER_DATASET_MISSING", "the job's data set is not here", { root });
  }

  /** Undefined where the job begins from its seed. */
  #startPath(): string | undefined {
    const { startRoot } = this.#origin.spec;
    if (startRoot.every((byte) => byte === 0)) return undefined;
    const path = this.#needs.startPath?.(startRoot);
    if (path !== undefined) return path;
    const root = bytesToHex(startRoot);
    throw new Fault("MINER_START_MISSING", "the state the job begins with is not here", { root });
  }

  #heldWork(): HeldWork {
    invariant(this.#work !== undefined, "the duty needs finished work");
    return this.#work;
  }

  #heldVerdict(): HeldVerdict {
    invariant(this.#verdict !== undefined, "the duty needs a verdict");
    return this.#verdict;
  }

  #worker(): AccountSigner {
    invariant(this.#needs.worker !== undefined, "only a worker has a worker's duties");
    return this.#needs.worker;
  }

  #verifier(): VerifierSigner {
    invariant(this.#needs.verifier !== undefined, "only a verifier has a verifier's duties");
    return this.#needs.verifier;
  }
}
