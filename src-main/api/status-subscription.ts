/**
 * Decides what a subscriber is sent: the fields of the status that differ from what it was last
 * sent, at most one message per `NOTIFY_INTERVAL_MS`, none while it does not read.
 */

import type { RpcNotification, Status, StatusDelta } from "../contract/control-api/index.ts";
import type { StatusFeed } from "./handlers.ts";
import { NOTIFY_INTERVAL_MS } from "./limits.ts";

/** One connection's view of the status. */
export class StatusSubscription {
  readonly #feed: StatusFeed;
  readonly #send: (notification: RpcNotification) => boolean;
  readonly #sent = new Map<string, string>();
  readonly #unlisten: () => void;
  #timer: NodeJS.Timeout | null = null;
  #open = true;

  /**
   * @param first  the status the subscriber was answered with
   * @param send   false when the reader is behind, so nothing was sent
   */
  constructor(feed: StatusFeed, first: Status, send: (notification: RpcNotification) => boolean) {
    this.#feed = feed;
    this.#send = send;
    this.#remember(first);
    this.#unlisten = feed.onChange(() => this.poke());
  }

  /** The status may have changed, or the reader may have caught up. */
  poke(): void {
    if (!this.#open || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // A status that cannot be had now is asked for again at the next change.
      this.#notify().catch(() => undefined);
    }, NOTIFY_INTERVAL_MS);
  }

  /** Ends the subscription. */
  close(): void {
    this.#open = false;
    this.#unlisten();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #notify(): Promise<void> {
    const status = await this.#feed.current();
    if (!this.#open) return;
    const changed = this.#changesTo(status);
    if (changed.length === 0) return;
    const params: StatusDelta = Object.fromEntries(changed);
    if (this.#send({ jsonrpc: "2.0", method: "status.changed", params })) this.#remember(params);
  }

  #changesTo(status: Status): [string, unknown][] {
    return Object.entries(status).filter(
      ([name, value]) => this.#sent.get(name) !== JSON.stringify(value),
    );
  }

  #remember(fields: StatusDelta): void {
    for (const [name, value] of Object.entries(fields)) {
      this.#sent.set(name, JSON.stringify(value));
    }
  }
}
