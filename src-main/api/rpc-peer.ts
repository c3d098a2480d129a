/**
 * Decides how one open connection is served, on the socket and on the page's WebSocket alike: each
 * message is a request, each request gets exactly one answer, a subscription lives as long as the
 * connection.
 */

import { checkRequest } from "../contract/control-api/index.ts";
import type { RpcNotification } from "../contract/control-api/index.ts";
import { accept } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { answerCall, responseOf, responseText } from "./answer-call.ts";
import type { Allows, ConnectionNeeds } from "./answer-call.ts";
import { errorResponse } from "./error-response.ts";
import { PENDING_CALLS_MAX } from "./limits.ts";
import { readJson } from "./message-lines.ts";
import { StatusSubscription } from "./status-subscription.ts";

/** How messages leave. */
export interface Outlet {
  /** Sends one message; nothing when the connection has ended. */
  send(text: string): void;
  /** True while the reader is behind, so that notifications wait. */
  isBehind(): boolean;
}

/** Serves the messages of one connection. */
export class RpcPeer {
  readonly #needs: ConnectionNeeds;
  readonly #outlet: Outlet;
  readonly #allows: Allows;
  #pending = 0;
  #subscription: StatusSubscription | null = null;
  #open = true;

  constructor(needs: ConnectionNeeds, outlet: Outlet, allows: Allows) {
    this.#needs = needs;
    this.#outlet = outlet;
    this.#allows = allows;
  }

  /** Takes one message and answers it when its answer is there. */
  take(text: string): void {
    void this.#answer(text);
  }

  /** The reader has caught up. */
  poke(): void {
    this.#subscription?.poke();
  }

  /** Ends the subscription. */
  close(): void {
    this.#open = false;
    this.#subscription?.close();
  }

  async #answer(text: string): Promise<void> {
    const message = readJson(text);
    if (message === undefined) {
      this.#outlet.send(responseText(errorResponse(null, { code: "API_PARSE" })));
      return;
    }
    const request = checkRequest(message);
    if (!request.ok) {
      this.#outlet.send(responseText(errorResponse(null, request.rejection)));
      return;
    }
    const { id, method, params } = request.value;
    if (this.#pending >= PENDING_CALLS_MAX) {
      const facts = { callsMax: PENDING_CALLS_MAX };
      this.#outlet.send(responseText(errorResponse(id, { code: "API_PENDING", facts })));
      return;
    }
    this.#pending += 1;
    const caller = { allows: this.#allows, subscribe: () => this.#subscribe() };
    const outcome = await answerCall(this.#needs, caller, method, params);
    this.#pending -= 1;
    this.#outlet.send(responseText(responseOf(id, outcome)));
  }

  async #subscribe(): Promise<Outcome<unknown>> {
    const status = await this.#needs.feed.current();
    this.#subscription?.close();
    if (!this.#open) return accept({ status });
    this.#subscription = new StatusSubscription(this.#needs.feed, status, (notification) =>
      this.#notify(notification),
    );
    return accept({ status });
  }

  #notify(notification: RpcNotification): boolean {
    if (this.#outlet.isBehind()) return false;
    this.#outlet.send(JSON.stringify(notification));
    return true;
  }
}
