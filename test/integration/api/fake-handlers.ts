/** Handlers and a status for tests of the socket; nothing behind them. */

import type { ConnectionNeeds, Handlers } from "../../../src-main/api/index.ts";
import { METHODS } from "../../../src-main/contract/control-api/index.ts";
import type { Status } from "../../../src-main/contract/control-api/index.ts";
import { accept, reject } from "../../../src-main/contract/outcome.ts";

/** A status that passes its schema. */
export function sampleStatus(): Status {
  return {
    version: "0.1.0",
    network: "practice",
    valueNote: "practice, no value",
    genesis: "00".repeat(32),
    home: "/nowhere",
    pid: 1,
    startedMs: 0,
    head: { commit: 1, slots: 2, timeMs: 3 },
    mine: { state: "idle", code: null, facts: {}, device: "x", engine: "reference", unit: null },
    paidBase: "0",
    jobsOpen: 0,
    jobsDone: 0,
    lastResult: null,
  };
}

/** A daemon's answers without a daemon; `change` sets fields of the status and tells listeners. */
export function fakeNeeds(overrides: Partial<Handlers> = {}) {
  const faults: string[] = [];
  const listeners = new Set<() => void>();
  let status = sampleStatus();
  const refusing = Object.fromEntries(
    Object.keys(METHODS).map((name) => [name, () => Promise.resolve(reject("API_INTERNAL"))]),
  ) as unknown as Handlers;
  const version = { version: "0.1.0", api: 1, node: "v24", network: "practice" };
  const needs: ConnectionNeeds = {
    handlers: {
      ...refusing,
      version: () => Promise.resolve(accept(version)),
      status: () => Promise.resolve(accept(status)),
      ...overrides,
    },
    feed: {
      current: () => Promise.resolve(status),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    onFault: (method: string) => faults.push(method),
  };
  const change = (fields: Partial<Status>) => {
    status = { ...status, ...fields };
    for (const listener of listeners) listener();
  };
  return { needs, faults, change, listenerCount: () => listeners.size };
}
