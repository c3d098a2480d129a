/**
 * The published document against a daemon that has done a real job: what it answers, byte for byte
 * off the owner's socket, is judged by a checker that the daemon does not use.
 */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import type {
  JobDetail,
  JobSummary,
  OpenRpcDocument,
  Status,
} from "../../../src-main/contract/control-api/index.ts";
import {
  documentFaults,
  publishedParams,
  publishedResults,
} from "../../worlds/published-schema.ts";
import { TestHome } from "./run-vivian.ts";

const PUBLISHED = new URL("../../../src-main/contract/openrpc.json", import.meta.url);
const document = JSON.parse(readFileSync(PUBLISHED, "utf8")) as OpenRpcDocument;
const results = publishedResults(document);
const params = publishedParams(document);

/** How long a job of seconds may take where a slow machine does other things too. */
const JOB_TIMEOUT_MS = 120_000;

/** A connection that believes nothing: lines out, lines in. */
class RawConnection {
  readonly #socket: Socket;
  readonly #answers = new Map<number, (result: unknown) => void>();
  /** Parameters of the notifications so far. */
  readonly heard: Record<string, unknown>[] = [];
  #nextId = 1;

  constructor(path: string) {
    this.#socket = connect(path);
    createInterface({ input: this.#socket }).on("line", (line) => this.#take(line));
  }

  /** The result of a call; throws what was refused. */
  async call(method: string, given: object = {}): Promise<unknown> {
    const id = this.#nextId;
    this.#nextId += 1;
    const message = JSON.stringify({ jsonrpc: "2.0", id, method, params: given });
    const answered = new Promise<unknown>((resolve) => this.#answers.set(id, resolve));
    this.#socket.write(`${message}\n`);
    const answer = (await answered) as { result?: unknown; error?: unknown };
    if (answer.error !== undefined) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
    return answer.result;
  }

  async end(): Promise<void> {
    this.#socket.end();
    if (!this.#socket.closed) await once(this.#socket, "close");
  }

  #take(line: string): void {
    const message = JSON.parse(line) as { id?: number; params?: Record<string, unknown> };
    if (message.id === undefined) this.heard.push(message.params ?? {});
    else this.#answers.get(message.id)?.(message);
  }
}

const NOBODY = `0x${"00".repeat(20)}`;

describe("the published schema", () => {
  const home = new TestHome('[jobs]\nfirst = "digits-tiny"\n');
  let daemon: RawConnection;
  let job: JobSummary;
  let unit: string;
  let first: Status;

  beforeAll(async () => {
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    daemon = new RawConnection(readFileSync(home.folder.socketNote, "utf8").trim());
    ({ status: first } = (await daemon.call("subscribe", { topic: "status" })) as {
      status: Status;
    });
    await daemon.call("job.submit", { name: "digits-tiny" });
    const options = { timeout: JOB_TIMEOUT_MS, interval: 200 };
    ({ job, unit } = await vi.waitUntil(paidJob, options));
  });

  afterAll(async () => {
    await daemon.end();
    await home.remove();
  });

  /** The submitted job once its unit is paid and its result kept. */
  async function paidJob(): Promise<{ job: JobSummary; unit: string } | null> {
    const { jobs } = (await daemon.call("job.list")) as { jobs: JobSummary[] };
    const { result } = (await daemon.call("job.show", { job: jobs[0].job })) as JobDetail;
    return result === null ? null : { job: jobs[0], unit: result.unit };
  }

  /** What each call is made with; the fields that may be left out are left out. */
  function asked(): Readonly<Record<string, object>> {
    return {
      "unit.curve": { unit },
      "job.show": { job: job.job },
      "job.weights": { job: job.job.slice(0, 8) },
      "job.submit": { name: "digits-tiny" },
      "wallet.account": { address: NOBODY },
      "wallet.receipt": { slot: job.createdSlot },
      "ledger.get": { slot: job.createdSlot },
      "ledger.prove": { slot: job.createdSlot },
      "ledger.reader": { subject: job.job, to: NOBODY },
      "ledger.account-keys": { address: NOBODY },
      "ledger.publication": { slot: job.createdSlot },
      "ledger.search": { text: "digits" },
      "ledger.search-proof": { text: "digits", collection: "model.text-1" },
      "ledger.consistency": { since: 1 },
      "ledger.outcome": { slot: job.createdSlot },
      "ledger.state": { account: NOBODY },
      "ledger.concentration": {},
      "ledger.light": { from: 0 },
      "ledger.light-start": { commit: 1 },
      "ledger.slot": { slot: 0, commit: 1 },
      "ledger.rows": { commit: 1, rows: [{ table: "accounts", id: "00".repeat(20) }] },
      "ledger.account": { address: NOBODY },
      "ledger.find": { text: "1" },
      "ledger.trail": { id: job.job },
      "telemetry.series": { device: "cpu", field: "utilisation", fromMs: 0, toMs: 60_000 },
      "energy.hours": { fromMs: 0, toMs: 7_200_000 },
      "energy.check": { text: "{}" },
      subscribe: { topic: "status" },
    };
  }

  // A report is made of rows, and the first is full after minutes: report-chain.test.ts has one.
  const later = "energy.kept-report";
  const views = document.methods.filter((one) => one["x-level"] === "view" && one.name !== later);
  const orders = ["mine.pause", "mine.start", "mine.finish", "job.submit", "page.open"];

  it.each([...views.map(({ name }) => name), ...orders])(
    "holds for what %s answers",
    async (name) => {
      const given = asked()[name] ?? {};
      expect(params.get(name)!(given)).toEqual([]);
      const answer = await daemon.call(name, given);
      expect(results.get(name)!(answer)).toEqual([]);
      // The control: the same answer with a field that nobody published.
      if (name !== "rpc.discover")
        expect(results.get(name)!({ ...(answer as object), x: 1 })).not.toEqual([]);
    },
  );

  it("is what the daemon says of itself, and holds to OpenRPC's own schema", async () => {
    const said = await daemon.call("rpc.discover");
    expect(said).toEqual(document);
    expect(documentFaults(said)).toEqual([]);
  });

  it("holds for the status as its deltas make it", () => {
    expect(daemon.heard.length).toBeGreaterThan(2);
    let status: Record<string, unknown> = { ...first };
    for (const delta of daemon.heard) {
      status = { ...status, ...delta };
      expect(results.get("status")!(status)).toEqual([]);
    }
    expect(status["paidBase"]).not.toBe(first.paidBase);
  });
});
