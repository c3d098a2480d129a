import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { JOBS, StateOverlay } from "../../../../src-main/ledger/index.ts";
import type { JobRow } from "../../../../src-main/ledger/index.ts";
import { agendaQueue, firstDue, writeJob } from "../../../../src-main/ledger/state/agenda.ts";
import { AGENDA_BY_TIME, AGENDA_BY_VIEW } from "../../../../src-main/ledger/state/tables.ts";

const job: JobRow = {
  owner: new Uint8Array(20),
  listing: 0,
  status: "started",
  escrowBase: 0n,
  specification: new Uint8Array(0),
  seed: new Uint8Array(32),
  specificationHash: new Uint8Array(32),
  createdView: 0n,
  createdTime: 0n,
  retryTime: 0n,
  rounds: 1,
  shards: 1,
  deposit: { depositor: new Uint8Array(20), depositBase: 0n },
};
const idOf = (at: number) => sha256(Uint8Array.of(at));
const empty = () => new StateOverlay({ get: () => undefined }, sha256);
const anyWrite = fc.record({ at: fc.nat(5), time: fc.bigInt({ min: 0n, max: 4n }) });

describe("ledger/state/agenda", () => {
  it("holds what rows say, sorted, whatever order they were written in", () => {
    fc.assert(
      fc.property(fc.array(anyWrite, { maxLength: 30 }), (writes) => {
        const overlay = empty();
        const held = new Map<number, bigint>();
        for (const { at, time } of writes) {
          writeJob(overlay, idOf(at), { ...job, retryTime: time });
          held.set(at, time);
        }
        const expected = [...held]
          .filter(([, time]) => time > 0n)
          .map(([at, time]) => ({ time, id: bytesToHex(idOf(at)) }))
          .sort((left, right) => Number(left.time - right.time) || (left.id < right.id ? -1 : 1));
        const row = agendaQueue(overlay, AGENDA_BY_TIME);
        expect(row.map(({ due, id }) => ({ time: due, id: bytesToHex(id) }))).toEqual(expected);
      }),
    );
  });

  it("takes views before times, and nothing before it is due", () => {
    const overlay = empty();
    writeJob(overlay, idOf(1), { ...job, retryTime: 10n });
    writeJob(overlay, idOf(2), { ...job, status: "created", createdView: 4n });
    expect(firstDue(overlay, 4n, 9n)).toBeUndefined();
    expect(firstDue(overlay, 4n, 10n)?.id).toEqual(idOf(1));
    expect(firstDue(overlay, 5n, 10n)?.id).toEqual(idOf(2));
    expect(agendaQueue(overlay, AGENDA_BY_VIEW)).toHaveLength(1);
  });

  it("stops when a row's entry is not there: a lost entry would never be due", () => {
    const overlay = empty();
    writeJob(overlay, idOf(1), { ...job, retryTime: 10n });
    const row = agendaQueue(overlay, AGENDA_BY_TIME);
    expect(row).toHaveLength(1);
    const lost = empty();
    lost.write(JOBS, idOf(1), { ...job, retryTime: 10n });
    expect(() => writeJob(lost, idOf(1), job)).toThrow("stands in the agenda");
  });
});
