/**
 * Anchors, parameters and evidence by the command, against a daemon whose genesis document names
 * the owner as governor and bonds the validator.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ControlClient } from "../../../src-main/api/index.ts";
import { systemClock, systemEntropy } from "../../../src-main/adapters/host/index.ts";
import { encode } from "../../../src-main/codec/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { addressToText, ed25519Sign, sha256 } from "../../../src-main/crypto/index.ts";
import {
  genesisCodec,
  genesisHash,
  PARAMETER_NAMES,
  statementMessage,
  voteCodec,
} from "../../../src-main/ledger/index.ts";
import type { Statement } from "../../../src-main/ledger/index.ts";
import { makeDataFolder } from "../../../src-main/processes/config/data-folder.ts";
import { openNetwork } from "../../../src-main/processes/daemon/founding.ts";
import { TestHome } from "../processes/run-vivian.ts";
import type { Ran } from "../processes/run-vivian.ts";
import { connected } from "./wallet-world.ts";

const DAY_MS = 86_400_000;

/** What `ledger parameters --json` answers. */
interface Parameters {
  readonly governor: string | null;
  readonly epoch: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly now: string;
    readonly next: { readonly value: string; readonly epoch: string } | null;
  }[];
}

/** Founds the folder's network as the daemon does, some days ago and with these things changed. */
function foundGoverned(home: TestHome) {
  makeDataFolder(home.folder);
  const clock = { ...systemClock, nowMs: () => Date.now() - 10 * DAY_MS };
  const needs = { hasher: sha256, clock, entropy: systemEntropy };
  const { genesis, keys } = openNetwork(home.folder, needs);
  const governed = {
    ...genesis,
    constants: { ...genesis.constants, governor: keys.owner.address },
    validators: genesis.validators.map((one) => ({ ...one, address: keys.worker.address })),
  };
  writeFileSync(home.folder.genesis, encode(genesisCodec, governed));
  return { keys, hash: genesisHash(sha256, governed) };
}

describe("records of those who govern, report and anchor", () => {
  let home: TestHome;
  let founded: ReturnType<typeof foundGoverned>;
  let client: ControlClient;

  beforeAll(async () => {
    home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
    founded = foundGoverned(home);
    const up = await home.run(["up", "--detach"]);
    expect(up, up.stderr).toMatchObject({ code: 0 });
    client = await connected(home);
  }, 60_000);

  afterAll(async () => {
    client.close();
    await home.remove();
  });

  const run = (...words: string[]): Promise<Ran> =>
    home.run(["ledger", ...words, "--yes", "--json"]);
  const recordOf = async (ran: Ran) => {
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const { slot } = JSON.parse(ran.stdout) as { slot: number };
    const record = await client.call("ledger.get", { slot });
    if (!record.ok) throw new Error(record.rejection.code);
    return record.value;
  };
  const refusal = (ran: Ran): string => {
    expect(ran.code, ran.stdout).toBe(1);
    return (JSON.parse(ran.stdout) as { error: { code: string } }).error.code;
  };
  const slots = async (): Promise<number> => {
    const status = await client.call("status", {});
    if (!status.ok) throw new Error(status.rejection.code);
    return status.value.head.slots;
  };
  const slashing = async () => {
    const shown = await home.run(["ledger", "parameters", "--json"]);
    expect(shown, shown.stderr).toMatchObject({ code: 0 });
    const list = JSON.parse(shown.stdout) as Parameters;
    expect(list.governor).toBe(addressToText(founded.keys.owner.address));
    expect(list.parameters).toHaveLength(PARAMETER_NAMES.length);
    return { ...list.parameters.find(({ name }) => name === "slashPermille"), in: list.epoch };
  };

  it("changes a parameter for its governor, from a later epoch on", async () => {
    expect(await slashing()).toMatchObject({ now: "50", next: null, in: "0" });
    // The founding lies ten days back: the first commit is of epoch 0, all others of epoch 10.
    const first = await run("parameter", "slashPermille", "70", "--epoch", "1");
    expect(await recordOf(first)).toMatchObject({ kind: "parameter-change", code: "" });
    expect(await slashing()).toMatchObject({ now: "70", next: null, in: "10" });
    const second = await run("parameter", "slashPermille", "80");
    expect(await recordOf(second)).toMatchObject({ fields: { epoch: "11" }, code: "" });
    expect(await slashing()).toMatchObject({ now: "70", next: { value: "80", epoch: "11" } });
  }, 60_000);

  it("refuses what no governor may ask for, before it costs a fee", async () => {
    const before = await slots();
    const worker = addressToText(founded.keys.worker.address);
    for (const [code, ...words] of [
      ["LEDGER_PARAMETER_RANGE", "slashPermille", "1001"],
      ["LEDGER_PARAMETER_UNKNOWN", "epochMs", "5"],
      ["LEDGER_PARAMETER_EPOCH", "slashPermille", "60", "--epoch", "10"],
      ["LEDGER_GOVERNOR", "slashPermille", "60", "--account", worker],
    ]) {
      expect(refusal(await run("parameter", ...words))).toBe(code);
    }
    expect(await run("parameter", "slashPermille", "much")).toMatchObject({ code: 2 });
    expect(await slots()).toBe(before);
  }, 60_000);

  it("anchors a day that is over, once, and no earlier one after it", async () => {
    const day = (back: number) => new Date(Date.now() - back * DAY_MS).toISOString().slice(0, 10);
    const rest = ["--rows", "24", "--root", "ab".repeat(32)];
    const anchored = await recordOf(await run("anchor", day(2), ...rest));
    expect(anchored).toMatchObject({ kind: "energy-anchor", code: "", fields: { rows: "24" } });
    const address = addressToText(founded.keys.owner.address);
    const held = await client.call("ledger.account-keys", { address });
    expect(held).toMatchObject({ value: { anchor: { rows: 24, slot: anchored.slot } } });
    const before = await slots();
    expect(refusal(await run("anchor", day(2), ...rest))).toBe("LEDGER_ANCHOR_DAY");
    expect(refusal(await run("anchor", day(0), ...rest))).toBe("LEDGER_ANCHOR_EARLY");
    expect(await run("anchor", "2026-02-30", ...rest)).toMatchObject({ code: 2 });
    expect(await slots()).toBe(before);
  }, 60_000);

  const vote = (change: Partial<Statement> = {}): Uint8Array => {
    const statement: Statement = {
      kind: "finalize",
      genesisHash: founded.hash,
      epoch: 0n,
      view: 1_000_000n,
      parentView: 999_999n,
      commitDigest: new Uint8Array(32),
      vectorSize: 1n,
      vectorRoot: new Uint8Array(32),
      ...change,
    };
    const { secret } = founded.keys.validator;
    const signature = ed25519Sign(secret, statementMessage(statement));
    return encode(voteCodec, { statement, validator: 0, signature });
  };

  it("says of two votes why they show nothing, before it costs a fee", async () => {
    const before = await slots();
    const said = async (first: Uint8Array, second: Uint8Array): Promise<string> =>
      refusal(await run("evidence", bytesToHex(first), bytesToHex(second)));
    expect(await said(vote(), vote({ view: 3n }))).toBe("LEDGER_EVIDENCE_AGREES");
    const foreign = vote({ kind: "nullify", genesisHash: new Uint8Array(32) });
    expect(await said(vote(), foreign)).toBe("LEDGER_EVIDENCE_NETWORK");
    const forged = vote({ kind: "nullify" });
    forged[forged.length - 1] ^= 1;
    expect(await said(vote(), forged)).toBe("LEDGER_EVIDENCE_SIGNATURE");
    expect(await said(vote(), Uint8Array.of(1, 2))).toBe("LEDGER_EVIDENCE_FORM");
    const absent = await run("evidence", join(home.root, "absent"), bytesToHex(vote()));
    expect(refusal(absent)).toBe("PROCESSES_INPUT_FILE");
    expect(await slots()).toBe(before);
  }, 60_000);

  it("reports a validator that signed two statements, from a file and from digits", async () => {
    const file = join(home.root, "first.vote");
    writeFileSync(file, vote());
    const second = bytesToHex(vote({ kind: "nullify" }));
    const reported = await run("evidence", file, second);
    const record = await recordOf(reported);
    expect(record).toMatchObject({ kind: "evidence", code: "" });
    // 70 thousandths of a million, by the parameter that holds now.
    expect(record.effects.join()).toMatch(/^70000 VIV taken from the bond/);
    writeFileSync(file, `${second}\n`);
    const again = await run("evidence", file, bytesToHex(vote()));
    expect(refusal(again)).toBe("LEDGER_EVIDENCE_KNOWN");
    expect(await client.call("ledger.verify", {})).toMatchObject({ value: { ok: true } });
  }, 60_000);
});
