import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { onDisk, storeFault } from "../../../../src-main/adapters/disk/store-faults.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";

const failure = (code: string | number) => Object.assign(new Error("refused"), { code });

describe("store-faults", () => {
  it.each([
    ["ENOSPC", "STORE_DISK_FULL"],
    [constants.errno.ENOSPC, "STORE_DISK_FULL"],
    ["EDQUOT", "STORE_DISK_FULL"],
    ["EROFS", "STORE_READ_ONLY"],
    [constants.errno.EACCES, "STORE_READ_ONLY"],
    ["EIO", "STORE_FAILED"],
    [-30_797, "STORE_DAMAGED"],
    [-30_796, "STORE_DAMAGED"],
  ])("tells %s as %s, with the path", (code, told) => {
    const fault = storeFault(failure(code), "/somewhere/entries");
    expect([fault.code, fault.message]).toEqual([told, "/somewhere/entries: refused"]);
  });

  it("keeps a fault as it is", () => {
    const fault = new Fault("STORE_LOCKED", "held");
    const run = () =>
      onDisk("/somewhere", () => {
        throw fault;
      });
    expect(run).toThrow(fault);
  });
});
