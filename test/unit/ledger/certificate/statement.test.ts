import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import {
  statementMessage,
  statementOf,
  statementsEqual,
} from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const { head } = new PracticeWorld().commit();
const notarize = statementOf("notarize", head, 0n);

describe("ledger/certificate/statement", () => {
  it("gives every kind, view and network a message of its own", () => {
    const messages = [
      notarize,
      statementOf("finalize", head, 0n),
      { ...notarize, kind: "nullify" as const },
      { ...notarize, view: 2n },
      { ...notarize, genesisHash: new Uint8Array(32) },
    ].map((statement) => bytesToHex(statementMessage(statement)));
    expect(new Set(messages).size).toBe(messages.length);
    expect(messages.every((message) => message.startsWith("19"))).toBe(true);
  });

  it("compares statements by what they say", () => {
    expect(statementsEqual(notarize, statementOf("notarize", head, 0n))).toBe(true);
    expect(statementsEqual(notarize, statementOf("notarize", head, 1n))).toBe(false);
  });
});
