import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { accept, reject } from "../../../../src-main/contract/outcome.ts";
import { addressOfSecretKey, addressToText, sha256 } from "../../../../src-main/crypto/index.ts";
import { decodeStored, pricesAt } from "../../../../src-main/ledger/index.ts";
import { WalletSpending } from "../../../../src-main/processes/daemon/wallet-spending.ts";
import type { SpendingNeeds } from "../../../../src-main/processes/daemon/wallet-spending.ts";
import {
  PREVIEW_LIFE_MS,
  PREVIEWS_MAX,
  sealKeystore,
  storeWallet,
} from "../../../../src-main/wallet/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const VIV = 10n ** 18n;
const secret = new Uint8Array(32).fill(0xc1);
const key = { secret, address: addressOfSecretKey(secret) };
const TO = addressToText(new Uint8Array(20).fill(9));
const PASSWORD = "correct horse";

const { genesis } = new PracticeWorld({ keys: "real" });
const keys = mkdtempSync(join(tmpdir(), "vivian-spending-"));

beforeAll(async () => {
  const keystore = await sealKeystore(key, PASSWORD, 2);
  storeWallet(keys, "savings", { keystore, replace: false });
});
afterAll(() => rmSync(keys, { recursive: true, force: true }));

/** Spending on a ledger of one account, whose price can rise. */
function world(opened: () => ReturnType<SpendingNeeds["opener"]["withKey"]> | null = () => null) {
  const submitted: Uint8Array[] = [];
  const state = { nowMs: 1_700_000_000_000, heldBase: 10n * VIV, times: 1n, drawn: 0 };
  const base = pricesAt(genesis.constants);
  const prices = () =>
    Object.fromEntries(
      Object.entries(base).map(([name, price]) => [
        name,
        typeof price === "bigint" ? price * state.times : price,
      ]),
    ) as unknown as typeof base;
  const node = {
    account: () => ({ balanceBase: state.heldBase, worker: undefined }),
    history: () => [],
    nextNonce: () => 3n,
    prices,
    submit: (stored: Uint8Array) => {
      submitted.push(stored);
      const outcome = { code: "", feeBase: 7n, effects: [] };
      return Promise.resolve(accept({ id: new Uint8Array(32), slot: 5n, outcome }));
    },
  };
  const spending = new WalletSpending({
    node: node as unknown as SpendingNeeds["node"],
    genesis,
    hasher: sha256,
    clock: { nowMs: () => state.nowMs } as SpendingNeeds["clock"],
    entropy: { bytes: (count) => new Uint8Array(count).fill((state.drawn += 1)) },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    keys,
    opener: {
      withKey: (_name, _password, use) => (opened() ?? use(key)) as ReturnType<typeof use>,
    },
    ownJobs: {
      walletOf: () => reject("PROCESSES_QUOTE"),
      orderWith: () => Promise.resolve(reject("PROCESSES_QUOTE")),
    },
    receipt: () => Promise.reject(new Error("no disk")),
    valueNote: "",
  });
  const preview = (amountBase: bigint = VIV) => {
    const asked = { wallet: "savings", to: TO, amountBase: String(amountBase) };
    const shown = spending.preview(asked);
    if (!shown.ok) throw new Error(shown.rejection.code);
    return shown.value;
  };
  const pay = async (name: string | null) => {
    const paid = await spending.pay({ preview: name ?? "", password: PASSWORD });
    return paid.ok ? "" : paid.rejection.code;
  };
  return { state, submitted, spending, preview, pay };
}

describe("WalletSpending", () => {
  it("signs no higher fee than the preview showed, whatever the price is by then", async () => {
    const { state, submitted, preview, pay } = world();
    const shown = preview();
    state.times = 50n;
    expect(await pay(shown.preview)).toBe("");
    const read = decodeStored(submitted[0]);
    const maxFee = read.ok ? read.value.record.maxFee : 0n;
    expect(maxFee).toBe(BigInt(shown.feeMostBase));
    expect(BigInt(preview().feeBase)).toBeGreaterThan(maxFee);
  });

  it("stands by a payment whose receipt could not be kept", async () => {
    const { spending, preview } = world();
    const name = preview().preview ?? "";
    const paid = await spending.pay({ preview: name, password: PASSWORD });
    expect(paid).toMatchObject({ ok: true, value: { slot: 5, code: "", receipt: null } });
  });

  it("keeps a preview after a wrong password, and forgets it once it is paid", async () => {
    let wrong = true;
    const refused = () => Promise.resolve(reject("WALLET_PASSWORD"));
    const { submitted, preview, pay } = world(() => (wrong ? refused() : null));
    const { preview: name } = preview();
    expect(await pay(name)).toBe("WALLET_PASSWORD");
    wrong = false;
    expect(await pay(name)).toBe("");
    expect(await pay(name)).toBe("WALLET_PREVIEW");
    expect(submitted).toHaveLength(1);
  });

  it("forgets previews that are old, and the oldest of too many", async () => {
    const { state, preview, pay } = world();
    const old = preview();
    state.nowMs += PREVIEW_LIFE_MS + 1;
    expect(await pay(old.preview)).toBe("WALLET_PREVIEW");
    const first = preview();
    for (let further = 0; further < PREVIEWS_MAX; further += 1) preview();
    expect(await pay(first.preview)).toBe("WALLET_PREVIEW");
    expect(await pay(preview().preview)).toBe("");
  });

  it("pays nothing that the balance does not cover any more", async () => {
    const { state, submitted, preview, pay } = world();
    const { preview: name } = preview(9n * VIV);
    state.heldBase = 8n * VIV;
    expect(await pay(name)).toBe("WALLET_BALANCE_SHORT");
    expect(preview(9n * VIV)).toMatchObject({ preview: null, code: "WALLET_BALANCE_SHORT" });
    expect(submitted).toEqual([]);
  });
});
