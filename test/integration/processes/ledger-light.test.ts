import { readFileSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import type { ControlClient } from "../../../src-main/api/index.ts";
import { decode } from "../../../src-main/codec/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import type { Found, Status, Trail, Wallet } from "../../../src-main/contract/control-api/index.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { certificateDigest, genesisCodec } from "../../../src-main/ledger/index.ts";
import type { TrustedView } from "../../../src-main/ledger/light/index.ts";
import { followLedger } from "../../../src-main/processes/cli/follow-ledger.ts";
import { checkAccount } from "../../../src-renderer/state/check-account.ts";
import { checkCertificate } from "../../../src-renderer/state/check-certificate.ts";
import { checkJobRows, jobMoments } from "../../../src-renderer/state/check-job.ts";
import { checkSlot } from "../../../src-renderer/state/light-checks.ts";
import type { CheckedSlot } from "../../../src-renderer/state/light-checks.ts";
import { connected } from "../wallet/wallet-world.ts";
import { TestHome } from "./run-vivian.ts";

const home = new TestHome('[mining]\nengine = "reference"\n');
let client: ControlClient;
let view: TrustedView;

const must = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(outcome.rejection.code);
  return outcome.value;
};
const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? "" : outcome.rejection.code);
const genesis = () => must(decode(genesisCodec, readFileSync(home.folder.genesis)));
const commit = () => Number(view.number);

async function slotAt(slot: number): Promise<Outcome<CheckedSlot>> {
  return checkSlot(view, slot, must(await client.call("ledger.slot", { slot, commit: commit() })));
}

async function found(text: string): Promise<readonly Found[]> {
  return must(await client.call("ledger.find", { text })).found;
}

beforeAll(async () => {
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
  const ran = await home.run(["job", "submit", "digits-tiny", "--watch", "--json"]);
  expect(ran.code, ran.stderr).toBe(0);
  client = await connected(home);
  view = must(await followLedger(client, genesis(), Date.now())).view;
});
afterAll(async () => {
  client.close();
  await home.remove();
});

describe("the daemon as a light client meets it", () => {
  it("leads to its newest commit from the genesis document alone", async () => {
    const status = must(await client.call("status", {})) as Status;
    expect(commit()).toBeGreaterThan(0);
    expect(status.head.commit - commit()).toBeLessThan(64);
    const further = must(await followLedger(client, genesis(), Date.now()));
    expect(further.basis).toBe("genesis");
    const late = await followLedger(client, genesis(), Date.now() + 30 * 86_400_000);
    expect(must(late).basis).toBe("daemon");
  });

  it("proves every slot of a job's whole life, and the commit that holds each", async () => {
    for (let slot = 0; slot < Number(view.vectorSize); slot += 1) {
      const checked = must(await slotAt(slot));
      expect(checked.commit?.ruleVersion).toBe(2);
      expect(checked.recordProof.holds).toBe(true);
    }
    const beyond = await client.call("ledger.slot", { slot: 1_000_000, commit: commit() });
    expect(codeOf(beyond)).toBe("NODE_SLOT");
    const early = await client.call("ledger.slot", { slot: 0, commit: 1_000_000 });
    expect(codeOf(early)).toBe("NODE_COMMIT");
  });

  it("proves each account's rows and its feed; a stranger is proved to be none", async () => {
    const wallet = must(await client.call("wallet.show", {})) as Wallet;
    for (const { address } of wallet.accounts) {
      const answer = must(await client.call("ledger.account", { address, commit: commit() }));
      const checked = must(checkAccount(view, address, answer));
      expect(checked.present).toBe(true);
      expect(String(checked.balanceBase)).toBe(answer.balanceBase);
      expect(checked.feed.whole).toBe(true);
      expect(checked.feed.count).toBeGreaterThan(0);
    }
    const stranger = `0x${"11".repeat(20)}`;
    const answer = must(
      await client.call("ledger.account", { address: stranger, commit: commit() }),
    );
    const none = must(checkAccount(view, stranger, answer));
    expect(none).toMatchObject({
      present: false,
      balanceBase: 0n,
      feed: { count: 0, whole: true },
    });
  });

  it("tells a job's story, each moment proved, by the id of the job or of its unit", async () => {
    const [{ job }] = must(await client.call("job.list", { limit: 1 })).jobs;
    const trail = must(await client.call("ledger.trail", { id: job })) as Trail;
    expect(must(await client.call("ledger.trail", { id: trail.units[0] }))).toEqual(trail);
    const asked = [
      { table: "jobs" as const, id: job },
      { table: "units" as const, id: trail.units[0] },
      { table: "unit-energies" as const, id: trail.units[0] },
    ];
    const rows = must(await client.call("ledger.rows", { commit: commit(), rows: asked })).rows;
    const checked = must(checkJobRows(view, job, trail.units, rows));
    expect(checked.row?.status).toBe("closed");
    expect(checked.units[0].row?.phase).toBe("paid");
    expect(checked.units[0].energy).toBeUndefined();
    const slots: CheckedSlot[] = [];
    for (const slot of trail.slots) slots.push(must(await slotAt(slot)));
    const kinds = jobMoments(job, trail.units, slots).flatMap(({ record, effects }) => [
      ...(record === null ? [] : [record.payload.kind]),
      ...effects.map(({ kind }) => kind),
    ]);
    const life = [
      "job-create",
      "job-started",
      "assigned",
      "unit-seal",
      "unit-reveal",
      "challenged",
    ];
    const end = ["verdict-commit", "inner-open", "verdict-open", "accepted", "paid"];
    expect(kinds).toEqual(expect.arrayContaining([...life, ...end]));
    expect(codeOf(await client.call("ledger.trail", { id: "ab".repeat(32) }))).toBe(
      "PROCESSES_JOB",
    );
  });

  it("says what a text names", async () => {
    const [{ job }] = must(await client.call("job.list", { limit: 1 })).jobs;
    expect((await found(job)).map(({ kind }) => kind)).toEqual(["job", "record"]);
    const { units } = must(await client.call("ledger.trail", { id: job }));
    expect(await found(units[0])).toEqual([{ kind: "unit", item: units[0], slot: null }]);
    expect(await found(" 1 ")).toEqual([{ kind: "slot", item: "1", slot: 1 }]);
    expect((await found("commit 2"))[0].kind).toBe("slot");
    const [{ address }] = must(await client.call("wallet.show", {})).accounts;
    expect(await found(address.toLowerCase())).toEqual([
      { kind: "account", item: address, slot: null },
    ]);
    const { genesis: name } = must(await client.call("status", {}));
    expect((await found(name))[0].kind).toBe("genesis");
    for (const nothing of ["99999999", "ab".repeat(32), "no such thing"]) {
      expect(await found(nothing)).toEqual([]);
    }
  });

  it("gives any row of any table to the command, which checks it", async () => {
    const [{ address }] = must(await client.call("wallet.show", {})).accounts;
    const row = (...words: string[]) => home.run(["ledger", "row", ...words]);
    const held = await row("accounts", address, "--json");
    expect(held).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(held.stdout)).toMatchObject({ present: true, trust: "genesis" });
    for (const table of ["certificates", "unit-energies"]) {
      const none = await row(table, "ab".repeat(32), "--json");
      expect(JSON.parse(none.stdout)).toMatchObject({ table, present: false, verified: true });
    }
    expect((await row("accounts", address)).stdout).toMatch(/checked here:\n.*balanceBase/);
    expect((await row("agenda", "00")).code).toBe(2);
  });

  it("finds a claimed certificate by its digest, and proves its row", async () => {
    const instant = (hoursAgo: number) =>
      `${new Date(Date.now() - hoursAgo * 3_600_000).toISOString().slice(0, 13)}:00Z`;
    const times = ["--generated-from", instant(3), "--generated-until", instant(2)];
    const of = ["--registry", "HKN", "--id", "DE-GC-0001", "--volume", "900", "--zone", "DE"];
    const rest = ["--cancelled", instant(1), "--device", "Windpark 7", "--yes", "--json"];
    const claimed = await home.run(["energy", "certificate", "claim", ...of, ...times, ...rest]);
    expect(claimed.code, claimed.stderr).toBe(0);
    const digest = bytesToHex(certificateDigest(sha256, "HKN", "DE-GC-0001"));
    const [certificate] = await found(digest);
    expect(certificate).toMatchObject({ kind: "certificate", item: digest });
    const claimAt = async () => {
      const newest = must(await followLedger(client, genesis(), Date.now())).view;
      const rows = [{ table: "certificates" as const, id: digest }];
      const asked = { commit: Number(newest.number), rows };
      const given = must(await client.call("ledger.rows", asked)).rows;
      return must(checkCertificate(newest, digest, given)).claim;
    };
    // A commit names the state before it: the next one shows the claim.
    const claim = await vi.waitUntil(claimAt, { timeout: 10_000, interval: 100 });
    expect(claim).toMatchObject({ volumeWh: 900n, slot: certificate.slot });
  });

  it("is checked by the command, which shows what it checked", async () => {
    const [{ address }] = must(await client.call("wallet.show", {})).accounts;
    const ran = await home.run(["ledger", "account", address, "--json"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      address,
      present: true,
      verified: true,
      trust: "genesis",
      feed: { whole: true },
    });
    const lines = await home.run(["ledger", "account", address]);
    expect(lines.stdout).toMatch(/checked here up to commit .*, from the genesis document/);
    const wrong = await home.run(["ledger", "account", "0x12"]);
    expect([wrong.code, wrong.stderr.split(":")[0]]).toEqual([
      1,
      expect.stringMatching(/^(API_PARAMS|CRYPTO_ADDRESS)$/),
    ]);
  });
});
