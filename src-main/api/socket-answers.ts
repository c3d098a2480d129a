/** Decides whether somebody listens on a socket: only a connection tells, a file does not. */

import { connect } from "node:net";
import type { Socket } from "node:net";

import { CONNECT_TIMEOUT_MS } from "./limits.ts";

/** Connects, or gives null when nobody answers in time. */
export function openSocket(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const giveUp = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(null);
    };
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS);
    socket.once("error", giveUp);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", giveUp);
      resolve(socket);
    });
  });
}

/** Whether a living process accepts connections there. */
export async function socketAnswers(path: string): Promise<boolean> {
  const socket = await openSocket(path);
  if (socket === null) return false;
  socket.on("error", () => undefined);
  socket.destroy();
  return true;
}
