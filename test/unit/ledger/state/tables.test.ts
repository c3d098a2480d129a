import { describe, expect, it } from "vitest";
import { encode } from "../../../../src-main/codec/index.ts";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { stateKey } from "../../../../src-main/ledger/state/state-view.ts";
import { LANES, laneId, readRow } from "../../../../src-main/ledger/state/tables.ts";

const ID = laneId(new Uint8Array(20).fill(7), 3);
const KEY = bytesToHex(stateKey(sha256, "lanes", ID));

/** A store that answers the bytes for the row's key. */
function viewOf(bytes: Uint8Array | undefined) {
  return { get: (key: Uint8Array) => (bytesToHex(key) === KEY ? bytes : undefined) };
}

describe("ledger/state/tables", () => {
  const row = { nonce: 9n, deposit: { depositor: new Uint8Array(20), depositBase: 5n } };
  const stored = encode(LANES.codec, row);

  it("reads a stored row, and none where there is none", () => {
    expect(readRow(viewOf(stored), sha256, LANES, ID)).toEqual(row);
    expect(readRow(viewOf(undefined), sha256, LANES, ID)).toBeUndefined();
  });

  it("tells table and row of bytes that are no row, instead of going on", () => {
    for (const bytes of [stored.subarray(1), new Uint8Array(0), Uint8Array.of(...stored, 0)]) {
      expect(() => readRow(viewOf(bytes), sha256, LANES, ID)).toThrow(
        expect.objectContaining({
          code: "STORE_DAMAGED",
          facts: expect.objectContaining({ table: "lanes", row: bytesToHex(ID) }) as object,
        }) as Error,
      );
    }
  });
});
