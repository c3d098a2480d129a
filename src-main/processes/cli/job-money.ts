/** `vivian job fund|cancel`: more money for a private job, or an end to one nobody works on. */

import type { Command } from "commander";

import { hexToBytes } from "../../contract/bytes.ts";
import { exactViv } from "../../contract/units.ts";
import { need } from "./failure.ts";
import { withPayingOptions } from "./paying-account.ts";
import { needAmount } from "./read-words.ts";
import { sendAndTell } from "./send-record.ts";
import type { RecordOptions } from "./send-record.ts";
import { openSession, withDaemon } from "./session.ts";

/** Adds the parts. */
export function addJobMoney(job: Command): void {
  withPayingOptions(job.command("fund"))
    .argument("<job>", "the job's id or its first digits")
    .argument("<amount>", "how many VIV to add to its escrow")
    .description("add to the escrow of a private job")
    .action(async (id: string, amount: string, options: RecordOptions) => {
      const amountBase = needAmount(amount);
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const shown = need(await client.call("job.show", { job: id.toLowerCase() }));
        const plan = {
          draft: { kind: "job-fund", job: hexToBytes(shown.job), amountBase },
          movesBase: amountBase,
          lines: [
            ["job", shown.job],
            ["add", `${exactViv(amountBase)} VIV; what is not used comes back`],
          ],
          question: "Add it?",
        } as const;
        await sendAndTell(session, client, options, plan, () => "Added.");
      });
    });
  withPayingOptions(job.command("cancel"))
    .argument("<job>", "the job's id or its first digits")
    .description("end a job to which nothing is assigned; its escrow comes back")
    .action(async (id: string, options: RecordOptions) => {
      const session = openSession(options);
      await withDaemon(session, async (client) => {
        const shown = need(await client.call("job.show", { job: id.toLowerCase() }));
        const plan = {
          draft: { kind: "job-cancel", job: hexToBytes(shown.job) },
          lines: [["cancel", shown.job]],
          question: "Cancel it?",
        } as const;
        await sendAndTell(session, client, options, plan, () => "Cancelled.");
      });
    });
}
