/**
 * Decides what all meters on the network have in common: one reading at a time, at most READING_MS
 * long, and patience with a device that is away: after a failed connection or a refused login the
 * same fault is given again without asking, for 1 s, 2 s, 4 s … at most a minute. A refused login
 * is not repeated each second either: devices lock whoever tries too often.
 */

import { Fault } from "../../contract/outcome.ts";
import type { Meter, MeterIdentity, MeterReading } from "../../ports/meter.ts";
import { BACKOFF_FIRST_MS, BACKOFF_MS_MAX, NETWORK_READ_EVERY_MS, READING_MS } from "./limits.ts";
import type { MeterNeeds } from "./meter-needs.ts";

/** What a device says at one time: its reading, and who it is. */
export interface DeviceAnswer {
  readonly reading: MeterReading;
  readonly makeModel: string | null;
  readonly serial: string | null;
  /** Whole Wh that a full store holds; null or absent where it does not say. */
  readonly capacityWattHours?: number | null;
}

/** One kind of device. */
export interface DeviceTalk {
  readonly identity: MeterIdentity;
  readonly readEveryMs?: number;
  /** Asks it once. */
  ask(): Promise<DeviceAnswer>;
  /** Lets go of a connection that hangs; called when a reading took too long. */
  drop(): void;
  /** Lets go of all; called once. */
  end(): void;
}

const WAITED_FOR = new Set([
  "METERS_UNREACHABLE",
  "METERS_LOCAL_NETWORK",
  "METERS_TIMEOUT",
  "METERS_LOGIN",
  "METERS_NOT_SUNSPEC",
]);

/** How long is waited after so many failures in a row. */
export function backoffMs(failures: number): number {
  return Math.min(BACKOFF_MS_MAX, BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 16));
}

/** Makes a meter of a device. It is not asked before the first reading. */
export function networkMeter(talk: DeviceTalk, { clock }: MeterNeeds): Meter {
  let identity = talk.identity;
  let running: Promise<MeterReading> | null = null;
  let failures = 0;
  let lastFault: Fault | null = null;
  let askAgainMs = 0;
  let closed = false;

  const ask = async (): Promise<MeterReading> => {
    try {
      const { reading, makeModel, serial, capacityWattHours } = await withinTime(talk);
      // What its owner states stands before what it says itself.
      const capacity = identity.capacityWattHours ?? capacityWattHours ?? undefined;
      identity = {
        ...identity,
        makeModel: identity.makeModel ?? makeModel,
        serial: identity.serial ?? serial,
        ...(capacity === undefined ? {} : { capacityWattHours: capacity }),
      };
      failures = 0;
      lastFault = null;
      return reading;
    } catch (error) {
      if (error instanceof Fault && WAITED_FOR.has(error.code)) {
        failures += 1;
        lastFault = error;
        askAgainMs = clock.nowMs() + backoffMs(failures);
      }
      throw error;
    }
  };

  return {
    get identity() {
      return identity;
    },
    readEveryMs: talk.readEveryMs ?? NETWORK_READ_EVERY_MS,
    read() {
      if (closed) return Promise.reject(closedFault());
      const leftMs = askAgainMs - clock.nowMs();
      // A wall clock that was set back must not make the wait longer than it can be.
      if (lastFault !== null && leftMs > 0 && leftMs <= BACKOFF_MS_MAX) {
        const { code, message, facts } = lastFault;
        return Promise.reject(new Fault(code, message, { ...facts, askedAgainInMs: leftMs }));
      }
      running ??= ask().finally(() => {
        running = null;
      });
      return running;
    },
    close() {
      closed = true;
      talk.end();
      return Promise.resolve();
    },
  };
}

function closedFault(): Fault {
  return new Fault("METERS_ABSENT", "the meter was closed", {});
}

function withinTime(talk: DeviceTalk): Promise<DeviceAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      talk.drop();
      reject(new Fault("METERS_TIMEOUT", "the meter did not answer in time", {}));
    }, READING_MS);
    talk
      .ask()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
