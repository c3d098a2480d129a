/** Decides whether the daemon offers its numbers on an address of their own, and to whom. */

import { startMetricsServer } from "../../api/index.ts";
import type { StatusFeed } from "../../api/index.ts";
import { accept, invariant } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Log } from "../../ports/log.ts";
import type { Config } from "../config/keys.ts";
import { parseListen } from "../config/listen-address.ts";
import type { ComposedDaemon } from "./compose.ts";
import { givenMetricsToken } from "./given-files.ts";
import { feedWhileRunning } from "./stopping.ts";

/** What is offered. */
export interface MetricsParts {
  readonly config: Config;
  readonly composed: Pick<ComposedDaemon, "feed" | "metrics" | "onCallFault">;
  readonly log: Log;
  readonly isEnding: () => boolean;
}

/** What was opened; nothing where the settings name no address. */
export interface ServedMetrics {
  readonly close: () => Promise<void>;
}

/**
 * Opens the address of the settings.
 * @rejects API_METRICS_LISTEN
 * Throws Fault WALLET_GIVEN_* and WALLET_KEY_OWNER for the token's file.
 */
export async function serveMetrics(parts: MetricsParts): Promise<Outcome<ServedMetrics>> {
  const { config, composed, log, isEnding } = parts;
  if (config.page.metricsListen === "") return accept({ close: () => Promise.resolve() });
  const listens = parseListen(config.page.metricsListen);
  invariant(listens !== null, "settings were checked when they were read");
  const feed: StatusFeed = feedWhileRunning(composed.feed, isEnding);
  const server = await startMetricsServer({
    ...listens,
    token: givenMetricsToken(config),
    feed,
    metrics: composed.metrics,
    onFault: composed.onCallFault,
  });
  if (!server.ok) return server;
  const { address, close } = server.value;
  log.info("metrics are offered", { listen: address });
  return accept({ close: () => close() });
}
