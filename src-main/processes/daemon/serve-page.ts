/** Decides how the daemon serves the page: where its files lie, who opens it, what it answers. */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { systemClock, systemEntropy } from "../../adapters/host/index.ts";
import { PageDoor, PageFiles, pageHandlers, startPageServer } from "../../api/index.ts";
import type {
  ConnectionNeeds,
  Handlers,
  PageServer,
  PageServerNeeds,
  StatusFeed,
} from "../../api/index.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Config } from "../config/keys.ts";
import { PORT_MAX, PORT_MIN } from "../config/listen-address.ts";
import type { ComposedDaemon } from "./compose.ts";
import { feedWhileRunning, whileRunning } from "./stopping.ts";

/** Made by the page's build, at the top of the program's folder. */
const PAGE_FOLDER = fileURLToPath(new URL("../../../assets/", import.meta.url));

/** What is served. */
export interface PageParts {
  readonly folder: DataFolder;
  readonly config: Config;
  readonly composed: ComposedDaemon;
  readonly socketPath: string;
  readonly shutDown: () => void;
  readonly isEnding: () => boolean;
}

/** A served page, and what the owner's socket is to answer with as well. */
export interface ServedPage {
  readonly address: string;
  readonly socketPath: string;
  readonly needs: ConnectionNeeds;
  readonly close: () => Promise<void>;
}

/** Serves the page. @rejects API_PORT_TAKEN, API_PAGE_FAILED */
export async function servePage(parts: PageParts): Promise<Outcome<ServedPage>> {
  const { config, composed, isEnding } = parts;
  const door = new PageDoor({
    clock: systemClock,
    entropy: systemEntropy,
    folder: redirectFolder(parts),
  });
  const feed = feedWhileRunning(withAddress(composed.feed, door), isEnding);
  const own: Handlers = {
    ...composed.handlers(parts.shutDown),
    ...pageHandlers(door),
    status: async () => accept(await feed.current()),
  };
  const handlers = whileRunning(own, isEnding);
  const needs: ConnectionNeeds = { handlers, feed, onFault: composed.onCallFault };
  const server = await startOnPort(parts, {
    ...needs,
    sessions: door.sessions,
    files: new PageFiles(PAGE_FOLDER),
    trust: composed.trust,
    metrics: config.page.metrics ? composed.metrics : null,
    clock: systemClock,
  });
  if (!server.ok) return server;
  const { address } = server.value;
  door.opensTo(address);
  const close = async () => {
    door.close();
    await server.value.close();
  };
  return accept({ address, socketPath: parts.socketPath, needs, close });
}

/**
 * Listens on the port of the settings, else on the one it had last where that is free, so that a
 * page left open reaches the miner again and can say that its session has ended.
 */
async function startOnPort(
  { folder, config }: PageParts,
  needs: PageServerNeeds,
): Promise<Outcome<PageServer>> {
  if (config.page.port !== 0) return startPageServer(config.page.port, needs);
  const kept = keptPort(folder);
  const again = kept === 0 ? null : await startPageServer(kept, needs);
  const server = again?.ok === true ? again : await startPageServer(0, needs);
  if (server.ok && server.value.port !== kept) keepPort(folder, server.value.port);
  return server;
}

/** The port of the note; 0 where there is none to be had. */
function keptPort(folder: DataFolder): number {
  try {
    const text = readFileSync(folder.portNote, "utf8").trim();
    const port = /^[0-9]{4,5}$/.test(text) ? Number(text) : 0;
    return port >= PORT_MIN && port <= PORT_MAX ? port : 0;
  } catch {
    return 0;
  }
}

function keepPort(folder: DataFolder, port: number): void {
  try {
    writeFileSync(folder.portNote, `${port}\n`, { mode: 0o600 });
  } catch {
    // A convenience: without the note the next start takes any free port.
  }
}

/** Beside the socket, in a folder of the owner's alone; a named pipe lies in no folder. */
function redirectFolder({ folder, socketPath }: PageParts): string {
  return process.platform === "win32" ? folder.network : dirname(socketPath);
}

/** The status with the page's address, which is known once the server listens. */
function withAddress(feed: StatusFeed, door: PageDoor): StatusFeed {
  return {
    current: async () => {
      const status = await feed.current();
      return door.address === null ? status : { ...status, page: door.address };
    },
    onChange: (listener) => feed.onChange(listener),
  };
}
