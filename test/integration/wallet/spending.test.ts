/** Spending through a real daemon's socket: previewed, paid with a password, proved, kept quiet. */

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ControlClient } from "../../../src-main/api/index.ts";
import type { Paid, PaymentPreview } from "../../../src-main/contract/control-api/index.ts";
import { SCRYPT_COST } from "../../../src-main/wallet/keystore.ts";
import { digits, writeIdx } from "../../worlds/own-data-files.ts";
import { TestHome } from "../processes/run-vivian.ts";
import {
  attemptsFile,
  codeOf,
  connected,
  fund,
  makeWallet,
  PASSWORD,
  VIV,
} from "./wallet-world.ts";

const WRONG = "wrong horse staple";

const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
let client: ControlClient;
const address = { savings: "", spare: "" };

beforeAll(async () => {
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  address.savings = await makeWallet(home, "savings", 0xc1);
  address.spare = await makeWallet(home, "spare", 0xc2);
  await fund(home, address.savings, "10");
  client = await connected(home);
});
afterAll(async () => {
  client.close();
  await home.remove();
});

async function previewed(amountBase: bigint, to = address.spare): Promise<PaymentPreview> {
  const asked = { wallet: "savings", to, amountBase: String(amountBase) };
  const preview = await client.call("wallet.preview", asked);
  if (!preview.ok) throw new Error(preview.rejection.code);
  return preview.value;
}

/** The preview's name, where it can be paid. */
async function payable(amountBase: bigint): Promise<string> {
  const { preview } = await previewed(amountBase);
  if (preview === null) throw new Error("the preview would be refused");
  return preview;
}

async function pay(preview: string, password = PASSWORD): Promise<Paid> {
  const paid = await client.call("wallet.pay", { preview, password }, 60_000);
  if (!paid.ok) throw new Error(paid.rejection.code);
  return paid.value;
}

async function balance(wallet: string): Promise<bigint> {
  const list = await client.call("wallet.list", {});
  if (!list.ok) throw new Error(list.rejection.code);
  const found = list.value.wallets.find(({ name }) => name === wallet);
  return BigInt(found?.balanceBase ?? "0");
}

describe("wallet.list and wallet.preview", () => {
  it("name wallets, balances and waits, and nothing secret", async () => {
    const list = await client.call("wallet.list", {});
    expect(list).toEqual({
      ok: true,
      value: {
        wallets: [
          { name: "savings", address: address.savings, balanceBase: String(10n * VIV), waitMs: 0 },
          { name: "spare", address: address.spare, balanceBase: "0", waitMs: 0 },
        ],
        valueNote: "practice, no value",
      },
    });
  });

  it("say fee, what is left, and that nobody has heard of the receiver", async () => {
    const preview = await previewed(2n * VIV);
    expect(preview).toMatchObject({ code: "", receiverKnown: false, to: address.spare });
    const { balanceBase, amountBase, feeBase, feeMostBase, leftBase } = preview;
    expect(BigInt(feeMostBase)).toBeGreaterThanOrEqual(BigInt(feeBase));
    expect(BigInt(feeBase)).toBeGreaterThan(0n);
    expect(BigInt(leftBase ?? "0")).toBe(
      BigInt(balanceBase) - BigInt(amountBase) - BigInt(feeBase),
    );
    expect((await previewed(1n, address.savings)).receiverKnown).toBe(true);
  });

  it("say why a payment would be refused, and give no name to pay it by", async () => {
    const all = await previewed(10n * VIV);
    expect(all).toMatchObject({ code: "WALLET_BALANCE_SHORT", preview: null, leftBase: null });
    expect(await previewed(0n)).toMatchObject({ code: "WALLET_AMOUNT_ZERO", preview: null });
    const self = await previewed(1n, address.savings);
    expect(self).toMatchObject({ code: "WALLET_SELF", preview: null });
    const mistyped = address.spare.replace(/[a-f]/, (letter) => letter.toUpperCase());
    const asked = { wallet: "savings", to: mistyped, amountBase: "1" };
    expect(await codeOf(client, "wallet.preview", asked)).toBe("CRYPTO_ADDRESS_CHECKSUM");
    const unknown = { ...asked, to: address.spare, wallet: "saving" };
    expect(await codeOf(client, "wallet.preview", unknown)).toBe("WALLET_UNKNOWN");
  });
});

describe("wallet.pay", () => {
  it("pays what was previewed, once, and keeps a receipt that the command verifies", async () => {
    const { preview, feeMostBase } = await previewed(2n * VIV);
    if (preview === null) throw new Error("the preview would be refused");
    const most = BigInt(feeMostBase);
    const before = await balance("savings");
    const paid = await pay(preview);
    expect(paid.code).toBe("");
    expect(await balance("spare")).toBe(2n * VIV);
    // A first payment also lends the deposit of its lane.
    const charged = before - 2n * VIV - (await balance("savings"));
    expect(charged).toBeGreaterThanOrEqual(BigInt(paid.feeBase));
    expect(charged).toBeLessThanOrEqual(most);
    const again = { preview, password: PASSWORD };
    expect(await codeOf(client, "wallet.pay", again)).toBe("WALLET_PREVIEW");
    const verified = await home.run(["wallet", "receipt", "verify", paid.receipt ?? "", "--json"]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, account: address.savings });
    const history = await client.call("wallet.history", { account: address.savings, limit: 1 });
    expect(history).toMatchObject({ value: { entries: [{ slot: paid.slot, role: "wallet" }] } });
  });

  it("pays once when the same preview is paid twice at the same moment", async () => {
    const preview = await payable(VIV);
    const asked = { preview, password: PASSWORD };
    const codes = await Promise.all([1, 2].map(() => codeOf(client, "wallet.pay", asked)));
    expect(codes.sort()).toEqual(["", "WALLET_PREVIEW"]);
    expect(await balance("spare")).toBe(3n * VIV);
  });

  it("refuses what the balance no longer covers", async () => {
    const [first, second] = [await payable(4n * VIV), await payable(4n * VIV)];
    await pay(first);
    const asked = { preview: second, password: PASSWORD };
    expect(await codeOf(client, "wallet.pay", asked)).toBe("WALLET_BALANCE_SHORT");
  });

  it("makes a wrong password wait, here and in the command, and keeps the preview", async () => {
    const preview = await payable(VIV / 10n);
    const wrong = { preview, password: WRONG };
    const refused = await client.call("wallet.pay", wrong, 60_000);
    expect(refused).toMatchObject({
      rejection: { code: "WALLET_PASSWORD", facts: { seconds: 1 } },
    });
    // The wait of several wrong ones, so that what follows is surely within it.
    const failed = { failed: 8, lastMs: Date.now() };
    writeFileSync(attemptsFile(home, "savings"), JSON.stringify(failed));
    const list = await client.call("wallet.list", {});
    const waitMs = list.ok ? list.value.wallets[0].waitMs : 0;
    expect(waitMs).toBeGreaterThan(100_000);
    const right = { preview, password: PASSWORD };
    expect(await codeOf(client, "wallet.pay", right)).toBe("WALLET_PASSWORD_WAIT");
    const passwordFile = join(home.root, "password");
    writeFileSync(passwordFile, PASSWORD);
    const words = ["wallet", "send", address.spare, "1", "--from", "savings", "--yes"];
    const command = await home.run([...words, "--password-file", passwordFile]);
    rmSync(passwordFile);
    expect(command.stderr).toMatch(/^WALLET_PASSWORD_WAIT: /);
    rmSync(attemptsFile(home, "savings"));
    expect((await pay(preview)).code).toBe("");
    expect(existsSync(attemptsFile(home, "savings"))).toBe(false);
  });

  it("tries a few of a flood of passwords, refuses the others, and goes on answering", async () => {
    const previews = await Promise.all(Array.from({ length: 12 }, () => payable(1_000n)));
    const tries = previews.map((preview) => ({ preview, password: WRONG }));
    const codes = await Promise.all(tries.map((one) => codeOf(client, "wallet.pay", one)));
    const count = (code: string) => codes.filter((one) => one === code).length;
    expect(count("WALLET_PASSWORD")).toBe(1);
    expect(count("WALLET_PASSWORD_WAIT")).toBe(3);
    expect(count("WALLET_PASSWORD_BUSY")).toBe(8);
    rmSync(attemptsFile(home, "savings"));
  });

  it("tries a password of usual cost without keeping the ledger from answering", async () => {
    const to = await makeWallet(home, "usual", 0xc4, SCRYPT_COST);
    await fund(home, to, "1");
    const asked = { wallet: "usual", to: address.spare, amountBase: "1" };
    const preview = await client.call("wallet.preview", asked);
    const name = preview.ok ? (preview.value.preview ?? "") : "";
    let over = false;
    const paid = pay(name).finally(() => (over = true));
    const began = performance.now();
    let answered = 0;
    for (; !over; answered += 1) await client.call("status", {});
    expect((await paid).code).toBe("");
    // Computed in the daemon's own loop, which it yields every 10 ms, each would wait for its turn.
    expect((performance.now() - began) / answered).toBeLessThan(5);
  });
});

describe("a job paid by a wallet", () => {
  const folder = join(home.root, "digits");

  async function quoted(wallet: string | null): Promise<string> {
    const quote = await client.call("job.quote", { data: folder, steps: 60, wallet }, 60_000);
    if (!quote.ok) throw new Error(quote.rejection.code);
    expect(quote.value).toMatchObject({ wallet, proof: { fullPermille: 50 } });
    return quote.value.quote;
  }

  it("is ordered with the wallet's password and takes its price from that wallet", async () => {
    writeIdx(folder, "train", digits(60));
    const quote = await quoted("savings");
    const before = await balance("savings");
    const wrong = { quote, password: WRONG };
    expect(await codeOf(client, "wallet.order", wrong)).toBe("WALLET_PASSWORD");
    rmSync(attemptsFile(home, "savings"));
    expect(await codeOf(client, "job.order", { quote })).toBe("PROCESSES_QUOTE_PAYER");
    const ordered = await client.call("wallet.order", { quote, password: PASSWORD }, 60_000);
    if (!ordered.ok) throw new Error(ordered.rejection.code);
    const shown = await client.call("job.show", { job: ordered.value.job });
    const price = shown.ok ? BigInt(shown.value.priceBase) : 0n;
    expect(price).toBeGreaterThan(0n);
    expect(before - (await balance("savings"))).toBeGreaterThanOrEqual(price);
    const record = await client.call("ledger.get", { slot: ordered.value.slot });
    expect(record).toMatchObject({ value: { kind: "job-create", account: address.savings } });
  });

  it("is not ordered with a quote for the owner, or one that a poor wallet asked for", async () => {
    const owners = { quote: await quoted(null), password: PASSWORD };
    expect(await codeOf(client, "wallet.order", owners)).toBe("PROCESSES_QUOTE_PAYER");
    await makeWallet(home, "poor", 0xc3);
    const asked = { data: folder, wallet: "poor" };
    expect(await codeOf(client, "job.quote", asked)).toBe("PROCESSES_BALANCE");
  });

  it("is submitted by the command with --wallet", async () => {
    const passwordFile = join(home.root, "password");
    writeFileSync(passwordFile, PASSWORD);
    const words = ["job", "submit", "--data", folder, "--steps", "60", "--wallet", "savings"];
    const ran = await home.run([...words, "--password-file", passwordFile, "--json"]);
    rmSync(passwordFile);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(ran.stdout)).toMatchObject({ quote: { wallet: "savings" } });
    expect(await home.run(["job", "submit", "digits-tiny", "--wallet", "x"])).toMatchObject({
      code: 2,
    });
  });
});

describe("secrets", () => {
  it("stand in no file of the data folder and in no line of the log", () => {
    const secrets = [PASSWORD, WRONG, "c1".repeat(32), "c2".repeat(32)];
    const files = readdirSync(home.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files) {
      const bytes = readFileSync(file);
      for (const secret of secrets) expect(bytes.includes(secret), file).toBe(false);
      expect(bytes.includes(Buffer.from("c1".repeat(32), "hex")), file).toBe(false);
    }
    // The search sees what it looks for, and the log did tell of what was tried.
    const log = files.filter((file) => file.startsWith(home.folder.logs));
    const said = log.map((file) => readFileSync(file, "utf8")).join("");
    expect(said).toContain("a password did not open a wallet");
    expect(said).toContain("a payment was made");
    expect(said).toContain("savings");
  });
});
