/**
 * Decides what an address to listen on looks like: an IP and a port, never a name, since a name
 * may lead elsewhere tomorrow.
 */

import { isIP } from "node:net";

/** An address to listen on. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Ports below are the system's. */
export const PORT_MIN = 1_024;
export const PORT_MAX = 65_535;

/** "127.0.0.1:9464", "0.0.0.0:9464" or "[::]:9464" as host and port; null for anything else. */
export function parseListen(text: string): ListenAddress | null {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]{4,5})$/.exec(text);
  if (parts === null) return null;
  const [, six, four, portText] = parts;
  const host = six ?? four ?? "";
  const port = Number(portText);
  if (isIP(host) !== (six === undefined ? 4 : 6)) return null;
  return port >= PORT_MIN && port <= PORT_MAX ? { host, port } : null;
}

/** Whether only this machine reaches an address; an IPv4 one within IPv6 does not count. */
export function isLoopback(host: string): boolean {
  return host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
