import { describe, expect, it } from "vitest";

import { walletHandlers } from "../../../../src-main/api/handlers/wallet-handlers.ts";
import { bytesToHex, hexToBytes } from "../../../../src-main/contract/bytes.ts";
import { accept } from "../../../../src-main/contract/outcome.ts";
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
