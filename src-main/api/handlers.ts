/** Decides what the server needs: a handler per method, and a status that says when it changed. */

import type {
  CheckedParams,
  MethodName,
  MethodResult,
  Status,
} from "../contract/control-api/index.ts";
import type { Outcome } from "../contract/outcome.ts";

/** Methods that are answered by a handler; a subscription belongs to its connection. */
export type HandledMethod = Exclude<MethodName, "subscribe">;

/** Answers one method; parameters are checked before, the result is checked after. */
export type Handler<M extends HandledMethod> = (
  params: CheckedParams<M>,
) => Promise<Outcome<MethodResult<M>>>;

/** One handler per method. */
export type Handlers = { readonly [M in HandledMethod]: Handler<M> };

/** The status as it is, and a call whenever it may have changed. */
export interface StatusFeed {
  current(): Promise<Status>;
  onChange(listener: () => void): () => void;
}
