import { describe, expect, it } from "vitest";

import { askedFor } from "../../../../src-renderer/text/explorer-address.ts";

const digest = "ab".repeat(32);
const address = `0x${"Cd".repeat(20)}`;

describe("text/explorer-address", () => {
  it("names a slot, a record, an account, a job; a unit by its job", () => {
    expect(askedFor("57", "")).toEqual({ kind: "slot", name: "57" });
    expect(askedFor("record", digest)).toEqual({ kind: "record", name: digest });
    expect(askedFor("account", address)).toEqual({ kind: "account", name: address });
    expect(askedFor("job", digest)).toEqual({ kind: "job", name: digest });
    expect(askedFor("unit", digest)).toEqual({ kind: "job", name: digest });
    expect(askedFor("certificate", digest)).toEqual({ kind: "certificate", name: digest });
  });

  it("names nothing by what is no slot, digest or address", () => {
    const wrong: readonly [string, string][] = [
      ["", ""],
      ["5x", ""],
      ["1".repeat(16), ""],
      ["job", "ab"],
      ["record", address],
      ["certificate", "ab"],
      ["account", digest],
      ["57", digest],
    ];
    for (const [item, part] of wrong) expect(askedFor(item, part), `${item}/${part}`).toBeNull();
  });
});
