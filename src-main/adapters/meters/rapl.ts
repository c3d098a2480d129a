/**
 * Decides how RAPL is read as a meter: several packages are one register, which begins when it is
 * opened. Where Linux keeps the files for root (since CVE-2020-8694: finer readings gave secrets
 * away), a small unit that root runs passes on the packages' energy once a second, over a socket
 * (packaging/systemd/vivian-meter.service). `chmod a+r` would open the side channel again, so it is
 * never advised.
 */

import { existsSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";

import { Fault } from "../../contract/outcome.ts";
import type { Meter, MeterReading } from "../../ports/meter.ts";
import { isAnswer, numberIn, parseAnswer } from "./answer-fields.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import { REQUEST_MS } from "./limits.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { registerMillijoules } from "./millijoules.ts";
import { POWERCAP, microjoulesBetween, numberInFile, raplDomains } from "./powercap.ts";
import type { RaplDomain, RaplKind } from "./powercap.ts";
import { sourceIdentity } from "./source-identity.ts";

/** The processor's own counters. */
export interface RaplDescription extends DescribedSource {
  readonly kind: "rapl";
  readonly domain: RaplKind;
}

/** Where the helper listens, below the root of files. */
export const HELPER_SOCKET = "run/vivian-meter/energy.sock";

/** RAPL is a model of the chip's own, within some 5 % on servers; clients are worse. */
const UNCERTAINTY_PERCENT = 10;

/** More than any package draws; a counter that began anew would seem to have drawn more. */
const PACKAGE_WATTS_MAX = 1_500;

const READ_EVERY_MS_MAX = 5_000;
const HELPER_BYTES_MAX = 4_096;
const HELPER_SCHEMA = "vivian-meter/1";

/** Reads the keys: domain. */
export function checkRapl(fields: DescriptionFields): RaplDescription {
  const domain = fields.choice("domain", ["packages", "psys"], "packages");
  const boundary = domain === "psys" ? "host-dc" : "accelerators";
  const uncertaintyPercent = UNCERTAINTY_PERCENT;
  return { kind: "rapl", ...fields.source({ role: "load", boundary, uncertaintyPercent }), domain };
}

/**
 * Opens it.
 * Throws Fault METERS_ABSENT without such a counter, METERS_PERMISSION where it is root's and no
 * helper runs.
 */
export function openRapl(description: RaplDescription, needs: MeterNeeds): Meter {
  const root = needs.root ?? "/";
  const socket = join(root, HELPER_SOCKET);
  const read = needs.numberInFile ?? numberInFile;
  let domains: readonly RaplDomain[] = [];
  let said: unknown;
  try {
    domains = raplDomains(join(root, POWERCAP), description.domain);
    for (const { path } of domains) read(path);
  } catch (error) {
    said = error;
  }
  const isClosed = (said as NodeJS.ErrnoException | undefined)?.code === "EACCES";
  if (isClosed && description.domain === "packages" && existsSync(socket)) {
    return helperMeter(description, socket, needs);
  }
  if (isClosed) {
    const facts = { domain: description.domain };
    throw new Fault("METERS_PERMISSION", "the processor's counter is root's", facts, said);
  }
  if (said !== undefined || domains.length === 0) {
    const facts = { domain: description.domain };
    throw new Fault("METERS_ABSENT", "this processor shows no such counter", facts, said);
  }
  return fileMeter(description, domains, needs);
}

/** Asked often enough that no counter can begin anew twice between two readings. */
export function raplReadEveryMs(rangesMicrojoules: readonly number[]): number {
  const shortest = Math.min(...rangesMicrojoules);
  const roundMs = shortest / 1e3 / PACKAGE_WATTS_MAX;
  return Math.max(1, Math.min(READ_EVERY_MS_MAX, Math.floor(roundMs / 2)));
}

function fileMeter(
  description: RaplDescription,
  domains: readonly RaplDomain[],
  needs: MeterNeeds,
): Meter {
  const { clock } = needs;
  const valueIn = needs.numberInFile ?? numberInFile;
  let epoch = epochAt(clock.nowMs());
  let microjoules = 0;
  let last = domains.map(({ path }) => valueIn(path));
  let lastMs = clock.nowMs();
  return {
    identity: sourceIdentity(description, { kind: "rapl", tier: "C" }),
    readEveryMs: raplReadEveryMs(domains.map(({ range }) => range)),
    read() {
      const atMs = clock.nowMs();
      let now: readonly number[];
      try {
        now = domains.map(({ path }) => valueIn(path));
      } catch (error) {
        const { path } = domains[0];
        return Promise.reject(new Fault("METERS_COUNTER", "a counter is gone", { path }, error));
      }
      const used = domains.map(({ range }, index) =>
        microjoulesBetween(last[index], now[index], range),
      );
      // A microjoule a millisecond is a milliwatt. Sleep and a driver's load set counters to zero.
      const possible = PACKAGE_WATTS_MAX * 1e3 * Math.max(1, atMs - lastMs);
      // After a time in which a counter can go round, nobody can tell a wrap from that either.
      const beganAnew = used.some((one, index) => {
        const isLong = possible > domains[index].range;
        return now[index] < last[index] && (one > possible || isLong);
      });
      if (beganAnew) [epoch, microjoules] = [epochAt(atMs), 0];
      else microjoules += used.reduce((sum, one) => sum + one, 0);
      [last, lastMs] = [[...now], atMs];
      return Promise.resolve(readingOf(atMs, registerMillijoules(microjoules / 1e3), epoch));
    },
    close: () => Promise.resolve(),
  };
}

/** An epoch says when its register began. */
function epochAt(ms: number): string {
  return new Date(ms).toISOString();
}

function readingOf(atMs: number, millijoules: number, epoch: string): MeterReading {
  const register = { millijoules, wrapsAtMillijoules: null, epoch };
  return { atMs, register, watts: null, signature: null };
}

function helperMeter(description: RaplDescription, socket: string, needs: MeterNeeds): Meter {
  return {
    identity: sourceIdentity(description, { kind: "rapl", tier: "C" }),
    readEveryMs: READ_EVERY_MS_MAX,
    async read() {
      const answer = parseAnswer(await askHelper(socket, needs.requestMs ?? REQUEST_MS));
      const { schema, since, packages } = answer;
      const list: readonly unknown[] = Array.isArray(packages) ? packages : [];
      if (schema !== HELPER_SCHEMA || typeof since !== "string" || list.length === 0) {
        throw new Fault("METERS_ANSWER", "the meter unit answered something else", { socket });
      }
      const sum = list.reduce((total: number, one) => {
        return total + numberIn(isAnswer(one) ? one : {}, "millijoules");
      }, 0);
      const ageMs = numberIn(answer, "ageMs");
      return readingOf(needs.clock.nowMs() - ageMs, registerMillijoules(sum), since);
    },
    close: () => Promise.resolve(),
  };
}

function askHelper(path: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    let text = "";
    const fail = (fault: Fault): void => {
      socket.destroy();
      reject(fault);
    };
    const facts = { socket: path };
    const timer = setTimeout(() => {
      fail(new Fault("METERS_TIMEOUT", "the meter unit is silent", facts));
    }, timeoutMs);
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.length <= HELPER_BYTES_MAX) return;
      fail(new Fault("METERS_ANSWER", "the meter unit says too much", facts));
    });
    socket.on("error", (error) => {
      fail(new Fault("METERS_COUNTER", "the meter unit does not answer", facts, error));
    });
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}
