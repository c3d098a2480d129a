import { describe, expect, it } from "vitest";

import { walletHandlers } from "../../../../src-main/api/handlers/wallet-handlers.ts";
import { bytesToHex, hexToBytes } from "../../../../src-main/contract/bytes.ts";
import { checkResult } from "../../../../src-main/contract/control-api/index.ts";
import type { HistoryEntry } from "../../../../src-main/contract/control-api/index.ts";
import { accept, reject } from "../../../../src-main/contract/outcome.ts";
import { addressToText } from "../../../../src-main/crypto/index.ts";
import { storedBytes } from "../../../../src-main/ledger/index.ts";
import type { LedgerRecord } from "../../../../src-main/ledger/index.ts";
import type { Node } from "../../../../src-main/node/index.ts";

const OWNER = new Uint8Array(20).fill(1);
const STRANGER = hexToBytes("f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
const ID = new Uint8Array(32).fill(9);

/** A node that notes what it is given and has one account. */
function fakeNode() {
  const submitted: Uint8Array[] = [];
  const asked: string[] = [];
  const node = {
    account: () => ({ balanceBase: 5n, worker: undefined }),
    nextNonce: (_address: Uint8Array, lane: number) => BigInt(lane) + 2n,
    history: (address: Uint8Array) => {
      asked.push(addressToText(address));
      const entry = { slot: 4n, time: 1n, what: "transfer in", change: "in", code: "" };
      return [{ ...entry, amountBase: 3n, feeBase: 0n }];
    },
    submit: (stored: Uint8Array) => {
      submitted.push(stored);
      const outcome = { code: "", feeBase: 7n, effects: [] };
      return Promise.resolve(accept({ id: ID, slot: 3n, outcome }));
    },
  } as unknown as Node;
  const accounts = [{ role: "owner", address: OWNER }] as const;
  const about = { network: "practice", valueNote: "no value", keysFolder: "/keys" };
  return { submitted, asked, handlers: walletHandlers({ node, accounts, ...about }) };
}

function stored(payload: LedgerRecord["payload"]): string {
  const head = { account: OWNER, lane: 1, nonce: 0n, validUntil: 0n, maxFee: 7n };
  return bytesToHex(storedBytes({ ...head, payload }, new Uint8Array(65)));
}

describe("wallet.send", () => {
  it("passes a transfer on as it is and answers when it is final", async () => {
    const { handlers, submitted } = fakeNode();
    const record = stored({ kind: "transfer", to: STRANGER, amountBase: 1n });
    const sent = await handlers["wallet.send"]({ record });
    expect(sent).toEqual(accept({ slot: 3, recordId: bytesToHex(ID), code: "", feeBase: "7" }));
    expect(submitted.map(bytesToHex)).toEqual([record]);
  });

  it("passes nothing else on", async () => {
    const { handlers, submitted } = fakeNode();
    const record = stored({ kind: "unit-seal", unit: ID, seal: ID });
    expect(await handlers["wallet.send"]({ record })).toMatchObject({
      rejection: { code: "API_PARAMS", facts: { field: "record" } },
    });
    const short = await handlers["wallet.send"]({ record: "00" });
    expect(short).toMatchObject({ rejection: { code: "LEDGER_RECORD_SIZE" } });
    expect(submitted).toEqual([]);
  });
});

describe("wallet.account", () => {
  it("answers for any address, with its checksum, and the lane's nonce", async () => {
    const { handlers } = fakeNode();
    const address = `0x${bytesToHex(STRANGER)}`;
    const answer = { address: addressToText(STRANGER), balanceBase: "5", nonce: "3" };
    expect(await handlers["wallet.account"]({ address, lane: 1 })).toEqual(accept(answer));
  });
});

describe("wallet.history", () => {
  it("is of this machine's accounts, or of the one that is named", async () => {
    const { handlers, asked } = fakeNode();
    const own = await handlers["wallet.history"]({ limit: 5 });
    expect(own).toMatchObject({ value: { entries: [{ role: "owner", changeBase: "3" }] } });
    const account = addressToText(STRANGER);
    const other = await handlers["wallet.history"]({ limit: 5, account });
    expect(other).toMatchObject({ value: { entries: [{ role: "wallet", account }] } });
    expect(asked).toEqual([addressToText(OWNER), account]);
  });

  it("refuses an address whose capitals do not fit", async () => {
    const { handlers } = fakeNode();
    const account = addressToText(STRANGER).replace("F6F4", "f6F4");
    expect(await handlers["wallet.history"]({ limit: 5, account })).toMatchObject({
      rejection: { code: "CRYPTO_ADDRESS_CHECKSUM" },
    });
  });
});

describe("wallet.history of rewards", () => {
  const unit = (name: number) => new Uint8Array(32).fill(name);
  const metered = { tier: "B", coverage: 1, currency: "EUR", costMicros: 9 } as const;
  const profit = { profitMicros: 30, profitAfterEnergyMicros: 21 };

  /** A node that paid in each slot for the training of these units, in their order. */
  function paying(slots: Readonly<Record<number, readonly number[]>>) {
    const pays = (names: readonly number[]) =>
      names.flatMap((name) =>
        (["worker", "verifiers"] as const).map((share) => ({
          ...{ kind: "paid", unit: unit(name), to: OWNER, amountBase: BigInt(name), share },
          minted: true,
        })),
      );
    const entries = Object.entries(slots).flatMap(([slot, names]) =>
      pays(names).map(({ share, amountBase }) => ({
        ...{ slot: BigInt(slot), time: 1n, what: `paid ${share}`, change: "in", code: "" },
        ...{ amountBase, feeBase: 0n },
      })),
    );
    const node = {
      history: () => entries.toReversed(),
      outcome: (slot: bigint) => {
        const names = slots[Number(slot)];
        const effects = [{ kind: "accepted", unit: unit(1) }, ...pays(names ?? [])];
        return slot < 5n ? reject("NODE_PRUNED") : accept({ code: "", feeBase: 0n, effects });
      },
    } as unknown as Node;
    const accounts = [{ role: "owner", address: OWNER }] as const;
    const about = { network: "practice", valueNote: "no value", keysFolder: "/keys" };
    return { node, accounts, ...about };
  }

  const energiesOf = (outcome: unknown) =>
    (outcome as { value: { entries: readonly HistoryEntry[] } }).value.entries.map(
      ({ what, changeBase, energy }) => [what, changeBase, energy?.unit ?? null],
    );

  it("stand beside what their own unit took, also where one slot paid for several", async () => {
    const rewardEnergy = (id: string) => ({ unit: id, millijoules: 7, ...metered, ...profit });
    const handlers = walletHandlers({ ...paying({ 7: [3], 9: [1, 2] }), rewardEnergy });
    const answer = await handlers["wallet.history"]({ limit: 9 });
    const id = (name: number) => bytesToHex(unit(name));
    expect(energiesOf(answer)).toEqual([
      ["paid verifiers", "2", null],
      ["paid worker", "2", id(2)],
      ["paid verifiers", "1", null],
      ["paid worker", "1", id(1)],
      ["paid verifiers", "3", null],
      ["paid worker", "3", id(3)],
    ]);
    expect(checkResult("wallet.history", answer.ok ? answer.value : null).ok).toBe(true);
  });

  it("say that nothing was metered where nobody counts", async () => {
    const handlers = walletHandlers(paying({ 7: [3] }));
    const answer = await handlers["wallet.history"]({ limit: 9 });
    const none = { millijoules: null, tier: null, costMicros: null, profitMicros: null };
    expect(answer).toMatchObject({ value: { entries: [{}, { energy: none }] } });
  });

  it("say nothing of energy where the slot is pruned or the account another's", async () => {
    const handlers = walletHandlers(paying({ 4: [3] }));
    const pruned = energiesOf(await handlers["wallet.history"]({ limit: 9 }));
    const account = addressToText(STRANGER);
    const others = energiesOf(await handlers["wallet.history"]({ limit: 9, account }));
    expect([...pruned, ...others].map(([, , unitName]) => unitName)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
