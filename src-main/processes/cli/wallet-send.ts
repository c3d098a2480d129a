/**
 * Decides how VIV is sent: everything is checked and shown first, the record is made and signed
 * here, and the daemon only passes it on. So the key may be one that no daemon has.
 */

import type { Command } from "commander";

import { nativeSha256 } from "../../adapters/native-crypto/sha256.ts";
import type { ControlClient } from "../../api/index.ts";
import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { exactViv, formatCount } from "../../contract/units.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import { feePrices, SPEND_LANE } from "../account-record.ts";
import { readGenesis } from "../read-genesis.ts";
import { signTransfer, transferCost } from "../transfer-record.ts";
import { CommandFailure, need } from "./failure.ts";
import { payingAccount, withPayingOptions } from "./paying-account.ts";
import type { PayingAccount, PayingOptions } from "./paying-account.ts";
import { needAmount } from "./read-words.ts";
import { confirmedKey, passOn, receiptOf } from "./send-record.ts";
import { answer, openSession, withDaemon } from "./session.ts";
import type { Session } from "./session.ts";
import { pairs } from "./table.ts";

const EXAMPLES = `
What would be sent is shown first, with the fee and what is left; nothing moves before you say yes.
AMOUNT is in VIV, with up to 18 decimals. Without --from the owner's own account pays.

Examples:
  vivian wallet send ADDRESS 12.5
  vivian wallet send ADDRESS 0.25 --from savings
  vivian wallet send ADDRESS 1 --yes --json`;

/** Adds `send`. */
export function addSend(wallet: Command): void {
  withPayingOptions(wallet.command("send"))
    .argument("<to>", "address of the receiver, 0x and 40 hex digits")
    .argument("<amount>", "how many VIV")
    .description("send VIV to another account")
    .addHelpText("after", EXAMPLES)
    .action(async (to: string, amount: string, options: PayingOptions) => {
      const session = openSession(options);
      const receiver = need(parseAddress(to));
      const amountBase = needAmount(amount);
      await withDaemon(session, async (client) => {
        const sender = payingAccount(session, options);
        if (bytesEqual(sender.address, receiver)) {
          throw new CommandFailure({ code: "WALLET_SELF", facts: { address: to } });
        }
        await send(session, client, sender, { to: receiver, amountBase, yes: options.yes });
      });
    });
}

interface Payment {
  readonly to: Uint8Array;
  readonly amountBase: bigint;
  readonly yes: boolean | undefined;
}

async function send(
  session: Session,
  client: ControlClient,
  sender: PayingAccount,
  { to, amountBase, yes }: Payment,
): Promise<void> {
  const genesis = readGenesis(session.folder.genesis);
  if (genesis === null) throw new CommandFailure({ code: "PROCESSES_NO_LEDGER" });
  const asked = { address: addressToText(sender.address), lane: SPEND_LANE };
  const account = need(await client.call("wallet.account", asked));
  const { valueNote } = need(await client.call("wallet.show", {}));
  const heldBase = BigInt(account.balanceBase);
  const nonce = BigInt(account.nonce);
  const prices = feePrices(need(await client.call("ledger.prices", {})));
  const spareBase = heldBase - amountBase;
  const { costBase: feeBase, maxFeeBase } = transferCost(prices, sender.address, {
    nonce,
    spareBase,
  });
  const leftBase = heldBase - amountBase - feeBase;
  if (leftBase < 0n) {
    const facts = { balance: viv(heldBase), needed: viv(amountBase + feeBase) };
    throw new CommandFailure({ code: "WALLET_BALANCE_SHORT", facts });
  }
  const preview = pairs([
    ["send", viv(amountBase) + (valueNote === "" ? "" : ` (${valueNote})`)],
    ["from", `${addressToText(sender.address)} (${sender.name})`],
    ["to", addressToText(to)],
    ["fee", viv(feeBase)],
    ["left", `${viv(leftBase)} of ${viv(heldBase)}`],
  ]);
  const key = await confirmedKey(session, sender, { yes }, preview, "Send it?");
  const when = { nonce, nowMs: Date.now(), maxFeeBase };
  const stored = signTransfer(nativeSha256, genesis, key, { to, amountBase }, when);
  const sent = await passOn(client, "wallet.send", bytesToHex(stored));
  const receipt = await receiptOf(session, client, sent.slot);
  const amounts = { amountBase: String(amountBase), balanceBase: String(leftBase) };
  const parties = { from: addressToText(sender.address), to: addressToText(to) };
  answer(session, { ...sent, ...amounts, ...parties, receipt }, [
    `Sent: record slot ${formatCount(sent.slot)}, fee ${viv(BigInt(sent.feeBase))}.`,
    ...(receipt === null
      ? [`Its receipt is not there yet; ask with \`vivian wallet receipt ${sent.slot}\`.`]
      : [
          `Receipt, checked here: ${receipt}`,
          "Whoever has it can check it with `vivian wallet receipt verify`.",
        ]),
  ]);
}

function viv(amountBase: bigint): string {
  return `${exactViv(amountBase)} VIV`;
}
