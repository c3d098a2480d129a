/** Decides how the daemon serves the page: where its files lie, who opens it, what it answers. */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { systemClock, systemEntropy } from "../../adapters/host/index.ts";
import { PageDoor, PageFiles, pageHandlers, startPageServer } from "../../api/index.ts";
import type { ConnectionNeeds, Handlers, StatusFeed } from "../../api/index.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Config } from "../config/keys.ts";
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
  const server = await startPageServer(config.page.port, {
    ...needs,
    sessions: door.sessions,
    files: new PageFiles(PAGE_FOLDER),
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
