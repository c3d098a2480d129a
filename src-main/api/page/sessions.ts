/**
 * Decides who is let in to the page: a code counts once and for a minute, a token until the daemon
 * ends. Both are kept as hashes in memory only, so neither a disk nor a lookup's time tells them.
 */

import { createHash } from "node:crypto";

import type { PageSession, SessionLevel } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/entropy.ts";
import { CODE_LIFE_MS, CODES_MAX, SECRET_BYTES, SESSIONS_MAX } from "../limits.ts";

/** What sessions are made with. */
export interface SessionNeeds {
  /** Running time, not the wall clock, ends a code: setting the clock back cannot prolong it. */
  readonly clock: Pick<Clock, "after">;
  readonly entropy: Entropy;
}

interface WaitingCode {
  readonly level: SessionLevel;
  readonly end: () => void;
}

/** Codes that wait and sessions that are open. */
export class PageSessions {
  readonly #needs: SessionNeeds;
  readonly #codes = new Map<string, WaitingCode>();
  readonly #levels = new Map<string, SessionLevel>();

  constructor(needs: SessionNeeds) {
    this.#needs = needs;
  }

  /**
   * A new code.
   * @param onGone  called once when it no longer counts: used, too old, or pushed out
   */
  issue(level: SessionLevel, onGone: () => void): string {
    const oldest = this.#codes.values().next();
    if (this.#codes.size >= CODES_MAX && oldest.done !== true) oldest.value.end();
    const code = this.#secret();
    const key = hashOf(code);
    const cancel = this.#needs.clock.after(CODE_LIFE_MS, () => end());
    const end = () => {
      cancel();
      if (this.#codes.delete(key)) onGone();
    };
    this.#codes.set(key, { level, end });
    return code;
  }

  /** Trades a code for a session. @rejects API_CODE when it is unknown, used or too old */
  trade(code: string): Outcome<PageSession> {
    const waiting = this.#codes.get(hashOf(code));
    if (waiting === undefined) return reject("API_CODE");
    waiting.end();
    const oldest = this.#levels.keys().next();
    if (this.#levels.size >= SESSIONS_MAX && oldest.done !== true) {
      this.#levels.delete(oldest.value);
    }
    const token = this.#secret();
    this.#levels.set(hashOf(token), waiting.level);
    return accept({ token, level: waiting.level });
  }

  /** The level of a session; undefined when there is no such session. */
  levelOf(token: string): SessionLevel | undefined {
    return this.#levels.get(hashOf(token));
  }

  /** Ends every code and session. */
  clear(): void {
    for (const { end } of [...this.#codes.values()]) end();
    this.#levels.clear();
  }

  #secret(): string {
    return Buffer.from(this.#needs.entropy.bytes(SECRET_BYTES)).toString("base64url");
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}
