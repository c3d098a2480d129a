/** What protects a wallet when something around it is wrong: the daemon, a file, a password. */

import { chownSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { decryptKeystoreJson, encryptKeystoreJson } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startControlServer } from "../../../src-main/api/index.ts";
import type { Handlers } from "../../../src-main/api/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { accept } from "../../../src-main/contract/outcome.ts";
import { addressOfSecretKey, addressToText } from "../../../src-main/crypto/index.ts";
import { CommandFailure } from "../../../src-main/processes/cli/failure.ts";
import { askNewPassword, askPassword } from "../../../src-main/processes/cli/password.ts";
import type { Questions } from "../../../src-main/processes/cli/questions.ts";
import { openWallet, readKeyFile } from "../../../src-main/wallet/index.ts";
import { fakeNeeds } from "../api/fake-handlers.ts";
import { TestHome } from "../processes/run-vivian.ts";
import { makeWallet, PASSWORD } from "./wallet-world.ts";

/** Only the superuser can give a file away. */
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
const secret = new Uint8Array(32).fill(0xd1);
const account = {
  address: addressToText(addressOfSecretKey(secret)),
  privateKey: `0x${bytesToHex(secret)}`,
};

/** A password file; the command reads its first line. */
function password(text: string): string[] {
  const file = join(home.root, "password");
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return ["--password-file", file];
}

beforeAll(async () => {
  // Founds the network; what follows needs its genesis and its keys, and no daemon.
  expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0 });
  expect(await home.run(["stop"])).toMatchObject({ code: 0 });
});
afterAll(() => home.remove());

describe("vivian wallet send to a daemon that does not answer", () => {
  const balance = { address: account.address, balanceBase: String(10n ** 20n), nonce: "0" };
  const shown = { network: "practice", valueNote: "", accounts: [], paidBase: "0", keysFolder: "" };

  const prices = {
    multiplier: String(1n << 32n),
    feePerRecordBase: "1",
    feePerByteBase: "1",
    feePerEmbeddingByteBase: "1",
    feePerStateByteBase: "1",
    depositPerByteBase: "1",
  };

  async function sendTo(send: Handlers["wallet.send"]): Promise<string> {
    const { needs } = fakeNeeds({
      "wallet.account": () => Promise.resolve(accept(balance)),
      "wallet.show": () => Promise.resolve(accept(shown)),
      "ledger.prices": () => Promise.resolve(accept(prices)),
      "wallet.send": send,
    });
    const path = join(home.root, "run", "fake.sock");
    const server = await startControlServer(path, needs);
    if (!server.ok) throw new Error(server.rejection.code);
    writeFileSync(home.folder.socketNote, `${path}\n`);
    try {
      const ran = await home.run(["wallet", "send", account.address, "1", "--yes"]);
      expect(ran).toMatchObject({
        code: 1,
        stdout: expect.not.stringContaining("Sent:") as string,
      });
      return ran.stderr;
    } finally {
      await server.value.close();
    }
  }

  it("says that it is not known whether it was taken, and where to look", async () => {
    const failed = await sendTo(() => Promise.reject(new Error("the disk is gone")));
    expect(failed).toMatch(/^WALLET_SEND_UNKNOWN: .*`vivian wallet history`/);
    const odd = { slot: -1, recordId: "", code: "", feeBase: "0" };
    const nonsense = await sendTo(() => Promise.resolve(accept(odd)));
    expect(nonsense).toMatch(/^WALLET_SEND_UNKNOWN: /);
  });
});

describe("a password that is asked for", () => {
  const asking = (...typed: (string | null)[]): Questions => ({
    isTerminal: true,
    line: () => Promise.resolve(null),
    hidden: () => Promise.resolve(typed.shift() ?? null),
    tell: () => undefined,
    close: () => undefined,
  });
  const failureOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
    } catch (error) {
      if (error instanceof CommandFailure) return error.refusal.code;
      throw error;
    }
    return "";
  };

  it("is typed twice, the same", async () => {
    const same = await askNewPassword(asking(PASSWORD, PASSWORD), undefined);
    expect(same).toBe(PASSWORD);
    const other = askNewPassword(asking(PASSWORD, `${PASSWORD}.`), undefined);
    expect(await failureOf(other)).toBe("WALLET_PASSWORD_DIFFERS");
  });

  it("is the first line of a file that can be read", async () => {
    const absent = askPassword(asking(), join(home.root, "no-such-file"), "");
    expect(await failureOf(absent)).toBe("WALLET_PASSWORD_FILE");
    const empty = askPassword(asking(), password("")[1], "");
    expect(await failureOf(empty)).toBe("WALLET_PASSWORD_FILE");
  });
});

describe("vivian wallet import --file", () => {
  it("says why a file cannot be read", async () => {
    const absent = ["wallet", "import", "gone", "--file", join(home.root, "no-such-file")];
    const ran = await home.run([...absent, ...password(PASSWORD)]);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toMatch(/^WALLET_IMPORT_FILE: /);
  });

  const file = join(home.root, "from-ethers.json");
  const words = ["wallet", "import", "foreign", "--file", file];

  it("makes wrong passwords wait, whichever file they are tried on", async () => {
    const scrypt = { N: 1_024, r: 8, p: 1 };
    writeFileSync(file, await encryptKeystoreJson(account, PASSWORD, { scrypt }));
    const wrong = await home.run([...words, ...password("wrong horse staple")]);
    expect(wrong.stderr).toMatch(/^WALLET_PASSWORD: /);
    const counted = join(home.folder.keys, "_import.attempts");
    expect(JSON.parse(readFileSync(counted, "utf8"))).toMatchObject({ failed: 1 });
    writeFileSync(counted, JSON.stringify({ failed: 8, lastMs: Date.now() }));
    const early = await home.run([...words, ...password(PASSWORD)]);
    expect(early.stderr).toMatch(/^WALLET_PASSWORD_WAIT: /);
    expect(readdirSync(home.folder.keys)).not.toContain("foreign.wallet.json");
    writeFileSync(counted, JSON.stringify({ failed: 8, lastMs: Date.now() - 600_000 }));
  });

  it("takes a keystore of another wallet, and gives back one that it opens", async () => {
    const taken = await home.run([...words, ...password(PASSWORD), "--json"]);
    expect(taken, taken.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(taken.stdout)).toMatchObject({ address: account.address });
    expect(readdirSync(home.folder.keys)).not.toContain("_import.attempts");
    const out = join(home.root, "back.json");
    const given = ["wallet", "export", "foreign", "--out", out, ...password(PASSWORD)];
    expect(await home.run(given)).toMatchObject({ code: 0 });
    const opened = await decryptKeystoreJson(readFileSync(out, "utf8"), PASSWORD);
    expect(opened).toMatchObject(account);
  });
});

describe.skipIf(!isRoot)("a key file of another user", () => {
  it("is refused with its name, and is left as it is", async () => {
    const key = join(home.folder.keys, "owner.key");
    await makeWallet(home, "given", 0xd2);
    const wallet = join(home.folder.keys, "given.wallet.json");
    for (const file of [key, wallet]) chownSync(file, NOBODY, NOBODY);
    const refusal = { code: "WALLET_KEY_OWNER", facts: { file: key } };
    expect(() => readKeyFile(key, "secp256k1")).toThrow(expect.objectContaining(refusal) as Error);
    const opening = openWallet(home.folder.keys, "given", PASSWORD, Date.now());
    await expect(opening).rejects.toMatchObject({ code: "WALLET_KEY_OWNER" });
    const ran = await home.run(["up", "--detach"]);
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain("WALLET_KEY_OWNER");
    expect(statSync(key).uid).toBe(NOBODY);
  });
});
