/** The messages of one unit's life in a practice world, each right unless a test changes it. */

import { sha256 } from "../../src-main/crypto/index.ts";
import { JOBS, UNITS } from "../../src-main/ledger/index.ts";
import type { JobRow, PayloadOf, UnitRow } from "../../src-main/ledger/index.ts";
import {
  challengeAlpha,
  chainStart,
  drawSegments,
  foldChain,
  innerCommitment,
  innerListRoot,
  openInners,
  publishedListCodec,
  sealOf,
  segmentBoundaries,
  segmentCount,
  unitId,
} from "../../src-main/learning/index.ts";
import type { JobSpecification } from "../../src-main/learning/index.ts";
import { specificationOf } from "../../src-main/ledger/index.ts";
import { encode } from "../../src-main/codec/index.ts";
import { specification } from "../unit/learning/specification.ts";
import { jobCreate, must, secretOf } from "./practice-world.ts";
import type { PracticeWorld } from "./practice-world.ts";

const bytes = (text: string): Uint8Array => sha256(new TextEncoder().encode(text));

/** A small sound specification; 6 segments, 3 sampled. */
export function smallSpecification(change: Partial<JobSpecification> = {}): JobSpecification {
  return { ...specification(), steps: 60, sampledSegments: 3, fullReplayPermille: 0, ...change };
}

/** The messages each phase waits for. */
export const STEPS = ["seal", "reveal", "challenge", "commit", "open", "verdict"] as const;
export type Step = (typeof STEPS)[number];

export class UnitLife {
  readonly world: PracticeWorld;
  readonly job: Uint8Array;
  readonly unit: Uint8Array;
  readonly salt: Uint8Array = bytes("worker salt");
  readonly verdictSalt: Uint8Array = bytes("verifier salt");

  /** Submits a job and lets it start. */
  constructor(
    world: PracticeWorld,
    options: {
      readonly specification?: JobSpecification;
      readonly listing?: number;
      readonly escrowBase?: bigint;
    } = {},
  ) {
    this.world = world;
    const spec = options.specification ?? smallSpecification();
    const escrowBase = options.escrowBase ?? (options.listing ? 0n : 2n * spec.unitPriceBase);
    const create = jobCreate(spec, options.listing ?? 0, escrowBase);
    const stored = world.record("owner", create);
    this.job = must(world.needs.recoverRecord(stored)).id;
    const code = world.codeOf(stored);
    if (code !== "") throw new Error(code);
    world.commit();
    this.unit = unitId(sha256, this.job, 0, 0);
  }

  get jobRow(): JobRow {
    return this.world.row(JOBS, this.job) as JobRow;
  }

  get unitRow(): UnitRow {
    return this.world.row(UNITS, this.unit) as UnitRow;
  }

  get spec(): JobSpecification {
    return specificationOf(this.jobRow);
  }

  get inners(): Uint8Array[] {
    return Array.from({ length: segmentCount(this.spec) }, (_, at) => bytes(`inner ${at}`));
  }

  get published() {
    return this.inners.map((_, at) => ({
      stateRoot: bytes(`state ${at}`),
      batchDigest: bytes(`batch ${at}`),
    }));
  }

  get chainHead(): Uint8Array {
    const startRoot = bytes("start");
    const { specificationHash } = this.jobRow;
    const origin = { specificationHash, job: this.job, round: 0, shard: 0, startRoot };
    const start = chainStart(sha256, origin);
    return foldChain(sha256, start, segmentBoundaries(this.spec), this.published);
  }

  seal(): PayloadOf<"unit-seal"> {
    const { chainHead, salt, unit, world } = this;
    const root = innerListRoot(sha256, this.inners);
    const worker = world.address.worker;
    const seal = sealOf(sha256, { chainHead, innerListRoot: root, unit, worker, salt });
    return { kind: "unit-seal", unit, seal };
  }

  reveal(): PayloadOf<"unit-reveal"> {
    return {
      kind: "unit-reveal",
      unit: this.unit,
      startRoot: bytes("start"),
      endRoot: bytes(`state ${this.inners.length - 1}`),
      chainHead: this.chainHead,
      innerListRoot: innerListRoot(sha256, this.inners),
      listDigest: sha256(encode(publishedListCodec, this.published)),
      segmentCount: this.inners.length,
      salt: this.salt,
    };
  }

  /** The VRF of the verifier and what it draws; from `challenged` on. */
  draw() {
    const alpha = challengeAlpha(this.unit, this.chainHead);
    const { proof, output } = this.world.vrf(secretOf("verifier"), alpha);
    const { segments } = drawSegments(sha256, this.unitRow.beacon, output, this.spec);
    return { proof, segments };
  }

  verdictCommit(inners?: readonly Uint8Array[]): PayloadOf<"verdict-commit"> {
    const { proof, segments } = this.draw();
    const found = inners ?? segments.map((segment) => this.inners[segment]);
    const { verifier } = this.world.address;
    const commitment = innerCommitment(sha256, found, verifier, this.verdictSalt);
    return { kind: "verdict-commit", unit: this.unit, vrfProof: proof, commitment };
  }

  innerOpen(): PayloadOf<"inner-open"> {
    const openings = openInners(sha256, this.inners, this.unitRow.drawn);
    return { kind: "inner-open", unit: this.unit, openings };
  }

  verdictOpen(verdict = "", inners?: readonly Uint8Array[]): PayloadOf<"verdict-open"> {
    const found = inners ?? this.unitRow.drawn.map((segment) => this.inners[segment]);
    const { unit, verdictSalt: salt } = this;
    return { kind: "verdict-open", unit, salt, inners: found, verdict, segment: 0 };
  }

  /** Goes on until the step before `to` is done, each message in a commit of its own. */
  until(to: Step): this {
    for (const step of STEPS) {
      if (step === to) return this;
      this.take(step);
    }
    return this;
  }

  /** One step; throws when its record is refused. */
  take(step: Step): void {
    const { world } = this;
    if (step === "challenge") {
      while (this.unitRow.phase === "revealed") world.commit();
      return;
    }
    const from = step === "commit" || step === "verdict" ? "verifier" : "worker";
    const payload = {
      seal: () => this.seal(),
      reveal: () => this.reveal(),
      commit: () => this.verdictCommit(),
      open: () => this.innerOpen(),
      verdict: () => this.verdictOpen(),
    }[step]();
    const code = world.codeOf(world.record(from, payload));
    if (code !== "") throw new Error(`${step}: ${code}`);
  }
}
