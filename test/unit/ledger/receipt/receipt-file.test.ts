import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decode } from "../../../../src-main/codec/index.ts";
import {
  readReceiptFile,
  receiptCodec,
  receiptFileBytes,
} from "../../../../src-main/ledger/index.ts";
import { must } from "../../../worlds/practice-world.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

describe("ledger/receipt/receipt-file", () => {
  it("gives back both parts", () => {
    fc.assert(
      fc.property(bytes, bytes, (genesis, receipt) => {
        const file = must(readReceiptFile(receiptFileBytes(genesis, receipt)));
        expect(file).toEqual({ genesis, receipt });
      }),
    );
  });

  it("takes a bare receipt for what it is", () => {
    const bare = new Uint8Array(40).fill(3);
    expect(must(readReceiptFile(bare))).toEqual({ genesis: undefined, receipt: bare });
    expect(must(readReceiptFile(new Uint8Array(2))).genesis).toBeUndefined();
    expect(decode(receiptCodec, bare).ok).toBe(false);
  });

  it("refuses a file that is cut or longer than its parts", () => {
    const whole = receiptFileBytes(Uint8Array.of(1, 2), Uint8Array.of(3));
    for (let length = 4; length < whole.length; length += 1) {
      expect(readReceiptFile(whole.subarray(0, length)).ok).toBe(false);
    }
    expect(readReceiptFile(Uint8Array.from([...whole, 0])).ok).toBe(false);
  });
});
