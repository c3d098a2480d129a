/**
 * Decides what every verb starts from: which data folder, where to write, and how the daemon of
 * that folder is reached.
 */

import { readFileSync } from "node:fs";

import { connectControl } from "../../api/client.ts";
import { controlSocketPath } from "../../api/socket-path.ts";
import type { ControlClient } from "../../api/index.ts";
import { dataFolder, dataHome } from "../config/data-folder.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Config } from "../config/keys.ts";
import { configOfHome } from "../config/load-config.ts";
import { CommandFailure, need } from "./failure.ts";
import { asTyped } from "./own-command.ts";

/** One run of a verb. */
export interface Session {
  /** Whether the answer is one JSON document on stdout. */
  readonly json: boolean;
  readonly folder: DataFolder;
  readonly config: Config;
}

/** Opens the data folder's settings for a verb. */
export function openSession(options: { readonly json?: boolean }): Session {
  const home = dataHome();
  const config = need(configOfHome(home));
  return { json: options.json === true, folder: dataFolder(home, config.network), config };
}

/** Writes a line for people; nothing in JSON mode, where stdout holds one document. */
export function say(session: Session, line: string): void {
  if (!session.json) process.stdout.write(`${asTyped(line)}\n`);
}

/** Writes the answer: lines for people, or the document. */
export function answer(session: Session, document: unknown, lines: readonly string[]): void {
  if (session.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else for (const line of lines) process.stdout.write(`${asTyped(line)}\n`);
}

/** Connects to the daemon of a session's folder; null when none answers. */
export async function tryConnect(session: Session): Promise<ControlClient | null> {
  return connectTo(session.folder);
}

/** Connects to the daemon of a folder; null when none answers. */
export async function connectTo(folder: DataFolder): Promise<ControlClient | null> {
  return (await findDaemon(folder))?.client ?? null;
}

/** A daemon that answers, and where. */
export interface FoundDaemon {
  readonly client: ControlClient;
  readonly socket: string;
}

/** Connects to the daemon of a folder and tells its socket; null when none answers. */
export async function findDaemon(folder: DataFolder): Promise<FoundDaemon | null> {
  const path = controlSocketPath(folder.network);
  for (const socket of [path.ok ? path.value : null, notedSocket(folder)]) {
    if (socket === null) continue;
    const connected = await connectControl(socket);
    if (connected.ok) return { client: connected.value, socket };
  }
  return null;
}

/** Connects to the folder's daemon or ends the command with exit code 3. */
export async function connectOrFail(session: Session): Promise<ControlClient> {
  const client = await tryConnect(session);
  if (client !== null) return client;
  throw new CommandFailure({ code: "API_UNREACHABLE", facts: { folder: session.folder.home } });
}

/** Runs a verb against the daemon and hangs up afterwards. */
export async function withDaemon<T>(
  session: Session,
  action: (client: ControlClient) => Promise<T>,
): Promise<T> {
  const client = await connectOrFail(session);
  try {
    return await action(client);
  } finally {
    client.close();
  }
}

/** The daemon notes its socket: its surroundings (XDG_RUNTIME_DIR) may differ from ours. */
function notedSocket(folder: DataFolder): string | null {
  try {
    const path = readFileSync(folder.socketNote, "utf8").trim();
    return path === "" ? null : path;
  } catch {
    return null;
  }
}
