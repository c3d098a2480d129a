/**
 * Decides where a password comes from: the terminal, unseen, or a file's first line. Never from
 * the command line, which other users of a machine can read.
 */

import { readFileSync } from "node:fs";

import { checkNewPassword } from "../../wallet/index.ts";
import { CommandFailure, need } from "./failure.ts";
import type { Questions } from "./questions.ts";

/** The password of a wallet that exists. Throws WALLET_PASSWORD_FILE, WALLET_PASSWORD_ASK. */
export async function askPassword(
  ask: Questions,
  file: string | undefined,
  question: string,
): Promise<string> {
  if (file !== undefined) return readPassword(file);
  if (!ask.isTerminal) throw new CommandFailure({ code: "WALLET_PASSWORD_ASK" });
  return needLine(await ask.hidden(question));
}

/** A password for a new wallet, typed twice. Throws WALLET_PASSWORD_DIFFERS, _LENGTH as well. */
export async function askNewPassword(ask: Questions, file: string | undefined): Promise<string> {
  const question = "New password (at least 8 characters, not shown): ";
  const password = need(checkNewPassword(await askPassword(ask, file, question)));
  if (file !== undefined) return password;
  const again = needLine(await ask.hidden("The same password again: "));
  if (again !== password) throw new CommandFailure({ code: "WALLET_PASSWORD_DIFFERS" });
  return password;
}

/** A line that was asked for; who ends the input instead has left. */
export function needLine(line: string | null): string {
  if (line === null) throw new CommandFailure({ code: "WALLET_PASSWORD_ASK" });
  return line;
}

function readPassword(file: string): string {
  let reason = "empty";
  try {
    const [line] = readFileSync(file, "utf8").split(/\r?\n/, 1);
    if (line !== "") return line;
  } catch (error) {
    reason = (error as NodeJS.ErrnoException).code ?? "unknown";
  }
  throw new CommandFailure({ code: "WALLET_PASSWORD_FILE", facts: { file, reason } });
}
