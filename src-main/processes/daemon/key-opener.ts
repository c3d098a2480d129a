/**
 * Decides how the daemon opens a wallet: passwords are tried one after the other, each in a child
 * process with a limit on its time, so that neither the cost of a try nor a flood of them is felt
 * by the ledger. Wrong ones count in the same file as those of the command.
 */

import { fileURLToPath } from "node:url";

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Child } from "../../miner/index.ts";
import { OPENING_MS_MAX, OPENINGS_WAITING_MAX, openWallet } from "../../wallet/index.ts";
import type { AccountKey } from "../../wallet/index.ts";
import { forkModule } from "../fork-child.ts";
import { checkOpenReport } from "./opener-messages.ts";

const OPENER = fileURLToPath(new URL("../key-opener.ts", import.meta.url));

/** What opening needs; a test brings its own child, clock and time. */
export interface OpenerNeeds {
  /** Folder of the wallets. */
  readonly keys: string;
  readonly nowMs: () => number;
  readonly fork?: () => Child;
  readonly timeoutMs?: number;
}

/** Opens wallets by name and password. */
export class KeyOpener {
  readonly #needs: OpenerNeeds;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #running: Child | null = null;
  #stopped = false;

  constructor(needs: OpenerNeeds) {
    this.#needs = needs;
  }

  /**
   * Opens a wallet, uses its key and wipes it.
   * @rejects WALLET_PASSWORD_BUSY, WALLET_PASSWORD, WALLET_PASSWORD_WAIT, WALLET_UNKNOWN,
   *   WALLET_NAME, WALLET_KEYSTORE_*, WALLET_OPENER, or what the use rejects with
   */
  async withKey<T>(
    name: string,
    password: string,
    use: (key: AccountKey) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    if (this.#waiting >= OPENINGS_WAITING_MAX) return reject("WALLET_PASSWORD_BUSY");
    this.#waiting += 1;
    const opened = this.#last.then(() => this.#open(name, password));
    this.#last = opened.catch(() => undefined);
    let key: Outcome<AccountKey>;
    try {
      key = await opened;
    } finally {
      this.#waiting -= 1;
    }
    if (!key.ok) return key;
    try {
      return await use(key.value);
    } finally {
      key.value.secret.fill(0);
    }
  }

  /** Ends a try under way; what waits is refused. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#running?.kill();
    return Promise.resolve();
  }

  #open(name: string, password: string): Promise<Outcome<AccountKey>> {
    if (this.#stopped) return Promise.resolve(reject("PROCESSES_ENDING"));
    const { keys, nowMs } = this.#needs;
    // The time of the try, not of the asking: those before it may have been wrong.
    return openWallet(keys, name, password, nowMs(), (keystore, tried) =>
      this.#inChild(keystore, tried),
    );
  }

  async #inChild(keystore: string, password: string): Promise<Outcome<AccountKey>> {
    const child = (this.#needs.fork ?? (() => forkModule(OPENER)))();
    this.#running = child;
    try {
      return await answerOf(child, keystore, password, this.#needs.timeoutMs ?? OPENING_MS_MAX);
    } finally {
      this.#running = null;
      child.kill();
    }
  }
}

function answerOf(
  child: Child,
  keystore: string,
  password: string,
  timeoutMs: number,
): Promise<Outcome<AccountKey>> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome<AccountKey>) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const timer = setTimeout(
      () => settle(reject("WALLET_OPENER", { reason: "it took too long" })),
      timeoutMs,
    );
    child.onMessage((message) => {
      const report = checkOpenReport(message);
      if (!report.ok) settle(reject("WALLET_OPENER", { reason: report.rejection.code }));
      else if (report.value.kind === "refused") {
        settle(reject(report.value.code, report.value.facts));
      } else {
        const { secret, address } = report.value;
        settle(accept({ secret, address }));
      }
    });
    // Its last words are left out: nobody knows what they hold.
    child.onExit(({ code, signal }) => {
      settle(reject("WALLET_OPENER", { reason: signal ?? `exit code ${code ?? "unknown"}` }));
    });
    child.send({ kind: "start", keystore, password });
  });
}
