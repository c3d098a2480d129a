/**
 * Decides how a command that needs work done gets a daemon: one that runs already is used and left
 * running; else one is started, and ended again by whoever started it.
 */

import { connectControl } from "../../api/client.ts";
import type { ControlClient } from "../../api/index.ts";
import { writeFolderConfig } from "../config/load-config.ts";
import { makeDataFolder } from "../config/data-folder.ts";
import { daemonEnded, startDaemon } from "./daemon-process.ts";
import type { StartedDaemon } from "./daemon-process.ts";
import { CommandFailure, need } from "./failure.ts";
import { tryConnect } from "./session.ts";
import type { Session } from "./session.ts";
import { shutDown, STOP_LIMIT_MS } from "./stop.ts";

/** A daemon in use, and whether this command has to end it. */
export interface Attached {
  readonly client: ControlClient;
  readonly started: StartedDaemon | null;
}

/** Connects to the folder's daemon, starting one when none answers. */
export async function attach(session: Session): Promise<Attached> {
  const running = await tryConnect(session);
  if (running !== null) return { client: running, started: null };
  makeDataFolder(session.folder);
  writeFolderConfig(session.folder.home);
  const started = need(await startDaemon(session.folder, false));
  return { client: need(await connectControl(started.socket)), started };
}

/** An error as it is told: a daemon of ours that ended has said why, and that is the reason. */
export async function reasonOf(error: unknown, { started }: Attached): Promise<unknown> {
  const gone = error instanceof CommandFailure && error.refusal.code === "PROCESSES_DAEMON_ENDED";
  if (!gone || started === null) return error;
  await daemonEnded(started.child, STOP_LIMIT_MS);
  const refusal = started.refusal();
  return refusal === null ? error : new CommandFailure(refusal);
}

/** Hangs up; ends the daemon first when this command started it. */
export async function detach({ client, started }: Attached): Promise<void> {
  try {
    if (started !== null && started.child.exitCode === null) {
      await shutDown(client);
      await daemonEnded(started.child, STOP_LIMIT_MS);
    }
  } finally {
    client.close();
  }
}
