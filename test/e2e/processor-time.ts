/**
 * Processor time of the browser and of a daemon, as the systems that run them count it. Time of
 * day says little on a busy machine; processor time is what an open page costs.
 */

import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

import type { Browser } from "playwright-core";

/** Ticks of /proc/PID/stat a second: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Shares of one core. */
export interface Shares {
  /** Every process of the browser: renderer, compositor, network, its own. */
  readonly browser: number;
  readonly renderer: number;
  readonly daemon: number;
}

/** Whether a process can be read here. */
export const canReadProcesses = process.platform === "linux";

/** Resident memory of a process in MiB. */
export function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return Number(kibibytes) / 1_024;
}

/** Processor seconds so far. */
interface Seconds {
  /** By process id: a process that ends takes its seconds with it. */
  readonly browser: ReadonlyMap<number, { readonly type: string; readonly seconds: number }>;
  readonly daemon: number;
}

/**
 * The cheapest of some windows: what else the machine does can only make one dearer.
 * @param isEnough  ends the windows once what was cheapest so far answers the question
 */
export async function cheapestShares(
  browser: Browser,
  daemonPid: number,
  windows: { count: number; lengthMs: number },
  isEnough: (least: Shares) => boolean = () => false,
): Promise<Shares> {
  const seen: Shares[] = [];
  const least = (name: keyof Shares) => Math.min(...seen.map((one) => one[name]));
  const cheapest = (): Shares => {
    return { browser: least("browser"), renderer: least("renderer"), daemon: least("daemon") };
  };
  while (seen.length < windows.count && (seen.length === 0 || !isEnough(cheapest()))) {
    const before = await secondsOf(browser, daemonPid);
    const began = performance.now();
    await wait(windows.lengthMs);
    const after = await secondsOf(browser, daemonPid);
    const seconds = (performance.now() - began) / 1_000;
    const spent = [...after.browser].map(([id, now]) => {
      return { type: now.type, seconds: now.seconds - (before.browser.get(id)?.seconds ?? 0) };
    });
    seen.push({
      browser: sumOf(spent) / seconds,
      renderer: sumOf(spent.filter(({ type }) => type === "renderer")) / seconds,
      daemon: (after.daemon - before.daemon) / seconds,
    });
  }
  return cheapest();
}

function sumOf(list: readonly { readonly seconds: number }[]): number {
  return list.reduce((total, { seconds }) => total + seconds, 0);
}

async function secondsOf(browser: Browser, daemonPid: number): Promise<Seconds> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const processes = processInfo.map(({ id, type, cpuTime }) => {
    return [id, { type, seconds: cpuTime }] as const;
  });
  return { browser: new Map(processes), daemon: daemonSeconds(daemonPid) };
}

function daemonSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // After the name, which may hold spaces: user and system time are the 12th and 13th field.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
