/** A node as a cheat's miner sees it: its records are looked at, and changed, before they leave. */

import { decodeStored } from "../../src-main/ledger/index.ts";
import { reject } from "../../src-main/contract/outcome.ts";
import { bytesEqual } from "../../src-main/contract/bytes.ts";
import type { Payload } from "../../src-main/ledger/index.ts";
import type { MinerLedger } from "../../src-main/miner/index.ts";
import { signerOf, WHO } from "./cheat-network.ts";
import type { CheatNetwork, RecordTouch, Who } from "./cheat-network.ts";

/** What a cheat with records can do. */
export interface Hand {
  readonly network: CheatNetwork;
  readonly unit: Uint8Array;
  /** Sends a record; its code counts as the cheat's. */
  send(who: Who, payload: Payload, touch?: RecordTouch): Promise<string>;
  sendStored(stored: Uint8Array): Promise<string>;
}

/** Which of a party's records leave, and what else is sent beside them. */
export interface RecordCheat {
  /** What is sent in a record's place; undefined keeps silent. */
  readonly instead?: (payload: Payload, hand: Hand) => Promise<Payload | undefined>;
  /** Called when the right record is in. */
  readonly after?: (payload: Payload, hand: Hand, stored: Uint8Array) => Promise<void>;
}

/** Codes of the cheat's own records, in the order they were refused. */
export type Refusals = string[];

export function handOf(network: CheatNetwork, unit: Uint8Array, refusals: Refusals): Hand {
  const count = (code: string) => {
    if (code !== "") refusals.push(code);
    return code;
  };
  return {
    network,
    unit,
    send: async (who, payload, touch) => count(await network.send(who, payload, touch)),
    sendStored: async (stored) => count(await network.sendStored(stored)),
  };
}

export function forgingLedger(
  network: CheatNetwork,
  cheat: RecordCheat,
  unit: Uint8Array,
  refusals: Refusals,
): MinerLedger {
  const { node } = network;
  const hand = handOf(network, unit, refusals);
  return {
    genesisHash: () => node.genesisHash(),
    nextNonce: (address, lane) => node.nextNonce(address, lane),
    prices: () => node.prices(),
    job: (id) => node.job(id),
    unit: (id) => node.unit(id),
    units: (limit) => node.units(limit),
    onCommit: (listener) => node.onCommit(listener),
    async submit(stored) {
      const read = decodeStored(stored);
      if (!read.ok) throw new Error("a miner sends sound records");
      const { account, payload } = read.value.record;
      const who = WHO.find((name) => bytesEqual(signerOf(name).address, account)) ?? "outsider";
      const forged = cheat.instead === undefined ? payload : await cheat.instead(payload, hand);
      // What a miner hears from a node that stops: it waits and asks again.
      if (forged === undefined) return reject("NODE_STOPPED");
      const sending = network.signed(who, forged);
      const sent = await node.submit(sending);
      const code = sent.ok ? sent.value.outcome.code : sent.rejection.code;
      if (code !== "") refusals.push(code);
      else await cheat.after?.(payload, hand, sending);
      return sent;
    },
  };
}
