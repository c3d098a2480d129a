/** Where work is paid: the settings' address, taken at founding, and never silently another. */

import { readFileSync, writeFileSync } from "node:fs";

import { afterAll, describe, expect, it } from "vitest";

import { addressOfSecretKey, addressToText } from "../../../src-main/crypto/index.ts";
import { TestHome } from "../processes/run-vivian.ts";
import { connected } from "./wallet-world.ts";

const addressOf = (fill: number) =>
  addressToText(addressOfSecretKey(new Uint8Array(32).fill(fill)));
const PAYOUT = addressOf(0xe1);
const OTHER = addressOf(0xe2);

const settings = (payout: string) => `payoutAddress = "${payout}"\n[mining]\nstart = true\n`;
const home = new TestHome(settings(PAYOUT));
afterAll(() => home.remove());

const payoutOf = (stdout: string) => {
  const { findings } = JSON.parse(stdout) as { findings: { check: string }[] };
  return findings.find(({ check }) => check === "payout");
};

describe("payoutAddress", () => {
  it("is where the ledger pays worker and verifier, and counts as this machine's", async () => {
    const before = await home.run(["doctor", "--json"]);
    expect(payoutOf(before.stdout)).toMatchObject({
      verdict: "ok",
      text: `the first start founds a ledger that pays ${PAYOUT}`,
    });
    const ran = await home.run(["job", "submit", "digits-tiny", "--watch"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const client = await connected(home);
    const shown = await client.call("wallet.show", {});
    const history = await client.call("wallet.history", { account: PAYOUT });
    client.close();
    if (!shown.ok || !history.ok) throw new Error("the daemon refused");
    const paid = shown.value.accounts.find(({ role }) => role === "payout");
    expect(paid?.address).toBe(PAYOUT);
    expect(BigInt(paid?.balanceBase ?? "0")).toBe(BigInt(shown.value.paidBase));
    expect(BigInt(shown.value.paidBase)).toBeGreaterThan(0n);
    const what = history.value.entries.map((entry) => `${entry.role}: ${entry.what}`).sort();
    expect(what).toEqual(["payout: paid verifiers", "payout: paid worker"]);
  });

  it("is refused where the ledger pays another, and doctor says which", async () => {
    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
    const genesis = readFileSync(home.folder.genesis);
    writeFileSync(home.folder.config, settings(OTHER));
    const ran = await home.run(["up", "--detach"]);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain("PROCESSES_PAYOUT");
    expect(ran.stderr).toContain(PAYOUT);
    const doctor = await home.run(["doctor", "--json"]);
    expect(payoutOf(doctor.stdout)).toMatchObject({
      verdict: "fault",
      text: `work is paid to ${PAYOUT}; config.toml names ${OTHER}`,
    });
    expect(readFileSync(home.folder.genesis)).toEqual(genesis);
  });

  it("stays as it was founded where the settings name none", async () => {
    writeFileSync(home.folder.config, "[mining]\nstart = false\n");
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
    const doctor = await home.run(["doctor", "--json"]);
    expect(payoutOf(doctor.stdout)).toMatchObject({ verdict: "ok" });
    const shown = await home.run(["wallet", "show"]);
    expect(shown.stdout).toMatch(new RegExp(`^payout +${PAYOUT}`, "m"));
  });
});
