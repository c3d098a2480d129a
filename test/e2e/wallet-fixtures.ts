/** Answers of a daemon about wallets, for the page's tests. */

import type {
  HistoryEntry,
  OwnWallet,
  PaymentPreview,
  Quote,
} from "../../src-main/contract/control-api/index.ts";
import type { Answers } from "./mocked-daemon.ts";
import { PAID_SLOT, workingAnswers } from "./page-fixtures.ts";

const VIV = 10n ** 18n;

export const SAVINGS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
export const RECEIVER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

export const WALLETS: OwnWallet[] = [
  { name: "savings", address: SAVINGS, balanceBase: String(248n * VIV + 400n), waitMs: 0 },
  { name: "travel-2", address: RECEIVER, balanceBase: "0", waitMs: 0 },
  { name: "old", address: null, balanceBase: null, waitMs: 0 },
];

const base = (viv: number) => String(BigInt(Math.round(viv * 1_000)) * (VIV / 1_000n));

/** A preview that can be paid. */
export const PREVIEW: PaymentPreview = {
  preview: "ab".repeat(32),
  wallet: "savings",
  from: SAVINGS,
  to: RECEIVER,
  amountBase: base(1.5),
  feeBase: "65800000000000",
  feeMostBase: "131600000000000",
  balanceBase: base(248),
  leftBase: String(BigInt(base(246.5)) - 65_800_000_000_000n),
  receiverKnown: false,
  code: "",
  valueNote: "practice, no value",
};

/** A quote of a job on irises. */
export const QUOTE: Quote = {
  quote: "cd".repeat(32),
  data: {
    name: "iris.csv",
    kind: "table",
    height: 1,
    width: 4,
    channels: 1,
    classNames: ["setosa", "versicolor", "virginica"],
    classes: 3,
    trainCount: 135,
    holdoutCount: 15,
    note: "150 rows of 4 numbers in 3 classes; every tenth of each class is held out",
    text: null,
  },
  model: "4 features, dense 32, relu, dense 3; AdamW, batches of 32",
  modelChosen: true,
  steps: 1_500,
  stepsRule: "least",
  batchSize: 32,
  trainMs: 4_200,
  priceBase: base(0.027),
  feeBase: "168000000000000",
  wallet: "savings",
  balanceBase: base(248),
  proof: { segments: 56, sampled: 3, fullPermille: 50 },
  valueNote: "practice, no value",
};

function historyOf(account: string): HistoryEntry[] {
  const entry = (slot: number, what: string, changeBase: string, hours: number) => ({
    slot,
    timeMs: Date.now() - hours * 3_600_000,
    account,
    role: "wallet" as const,
    what,
    changeBase,
    feeBase: what === "transfer in" ? "0" : "65800000000000",
    code: "",
  });
  return [
    entry(PAID_SLOT, "transfer out", `-${base(1.5)}`, 0.1),
    { ...entry(4, "transfer out", "0", 3), changeBase: null, code: "LEDGER_BALANCE" },
    entry(3, "job-create", `-${base(0.5)}`, 5),
    entry(2, "transfer in", base(250), 30),
  ];
}

/** A working daemon's answers with three wallets, one of them damaged. */
export function walletAnswers(): Answers {
  const account = (role: string, address: string, viv: number, bonded: number) => ({
    role,
    address,
    balanceBase: base(viv),
    bondedBase: base(bonded),
  });
  const shown = {
    network: "practice",
    valueNote: "practice, no value",
    accounts: [
      account("owner", `0x${"1a".repeat(20)}`, 1_431.07, 0),
      account("worker", `0x${"2b".repeat(20)}`, 99.9, 1_000_000),
      account("verifier", `0x${"3c".repeat(20)}`, 99.9, 1_000_000),
    ],
    paidBase: base(431.07),
    keysFolder: "/home/ada/.local/share/vivian/practice/keys",
  };
  const entries = (asked: Record<string, unknown>) =>
    asked["account"] === SAVINGS ? historyOf(SAVINGS) : [];
  const answers = workingAnswers();
  return {
    ...answers,
    "wallet.list": () => ({ wallets: WALLETS, valueNote: "practice, no value" }),
    "wallet.show": () => shown,
    "wallet.history": (asked) =>
      asked["account"] === undefined
        ? answers["wallet.history"]?.(asked)
        : { entries: entries(asked) },
    "wallet.preview": () => PREVIEW,
    "wallet.pay": () => ({
      slot: PAID_SLOT,
      recordId: "ef".repeat(32),
      code: "",
      feeBase: PREVIEW.feeBase,
      receipt: "/home/ada/.local/share/vivian/practice/receipts/slot-9.receipt",
    }),
    "job.quote": () => QUOTE,
    "wallet.order": () => ({ job: "ee".repeat(32), slot: 12 }),
  };
}
