/** Wallet files that ethers.js is held to: what other programs have written over the years. */

import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { openKeystore } from "../../../src-main/wallet/index.ts";
import { ethersCases } from "../ethers-cases.ts";

interface Case {
  readonly name: string;
  readonly type: "secret-storage" | "crowdsale";
  readonly address: string;
  readonly privateKey: string;
  readonly password: string;
  readonly json: string;
}

const cases = ethersCases<Case>("wallets");
const ofType = (type: Case["type"]) => cases.filter((each) => each.type === type);

describe("wallet files of @ethersproject/testcases", () => {
  it("are seven keystores, five with scrypt and two with PBKDF2, and two crowdsale files", () => {
    const kdfs = ofType("secret-storage").map(({ json }) => /"kdf" ?: ?"(\w+)"/.exec(json)?.[1]);
    expect(kdfs.filter((kdf) => kdf === "scrypt")).toHaveLength(5);
    expect(kdfs.filter((kdf) => kdf === "pbkdf2")).toHaveLength(2);
    expect(ofType("crowdsale")).toHaveLength(2);
  });

  it.each(ofType("secret-storage"))("$name opens to its secret", async (each) => {
    const opened = await openKeystore(each.json, each.password);
    if (!opened.ok) expect.fail(opened.rejection.code);
    expect(bytesToHex(opened.value.secret)).toBe(each.privateKey.slice(2));
    expect(bytesToHex(opened.value.address)).toBe(each.address.slice(2));
  });

  it("refuse another password", async () => {
    const [life] = cases.filter(({ name }) => name === "life");
    const opened = await openKeystore(life.json, `${life.password} `);
    expect(opened).toMatchObject({ ok: false, rejection: { code: "WALLET_PASSWORD" } });
  });

  it.each(ofType("crowdsale"))("$name is of another form and refused as that", async (each) => {
    const opened = await openKeystore(each.json, each.password);
    expect(opened).toMatchObject({ ok: false, rejection: { code: "WALLET_KEYSTORE_FORM" } });
  });
});
