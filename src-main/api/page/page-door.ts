/** Decides how the page is opened: a code, in a file of the owner's, that leads to its address. */

import { rmSync } from "node:fs";

import type { OpenedPage, SessionLevel } from "../../contract/control-api/index.ts";
import { invariant } from "../../contract/outcome.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/entropy.ts";
import { CODE_LIFE_MS } from "../limits.ts";
import { removeOldRedirects, writeRedirect } from "./redirect-file.ts";
import { PageSessions } from "./sessions.ts";

/** What a door is made with. */
export interface DoorNeeds {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** A folder of the owner's alone; the redirect files lie there. */
  readonly folder: string;
}

/** The sessions of the page and the way to them. */
export class PageDoor {
  readonly sessions: PageSessions;
  readonly #needs: DoorNeeds;
  #address: string | null = null;

  constructor(needs: DoorNeeds) {
    this.#needs = needs;
    this.sessions = new PageSessions(needs);
    removeOldRedirects(needs.folder, needs.clock.nowMs());
  }

  /** Where the page is served; null before it is. */
  get address(): string | null {
    return this.#address;
  }

  /** The page is served there: `http://127.0.0.1:PORT/`. */
  opensTo(address: string): void {
    this.#address = address;
  }

  /** Writes a file that opens the page once. Throws Fault API_OPEN_FILE. */
  open(level: SessionLevel): OpenedPage {
    invariant(this.#address !== null, "the page is served before it is opened");
    const address = this.#address;
    let file = "";
    const code = this.sessions.issue(level, () => {
      if (file !== "") rmSync(file, { force: true });
    });
    const { folder, entropy } = this.#needs;
    const target = `${address}#code=${code}`;
    file = writeRedirect({ folder, nameBytes: entropy.bytes(8), target });
    return { address, file, level, expiresInMs: CODE_LIFE_MS };
  }

  /** Ends every session and removes every file. */
  close(): void {
    this.sessions.clear();
  }
}
