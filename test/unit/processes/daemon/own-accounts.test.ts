import { describe, expect, it } from "vitest";

import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import { addressToText } from "../../../../src-main/crypto/index.ts";
import { parseConfig } from "../../../../src-main/processes/config/parse-config.ts";
import type { Config } from "../../../../src-main/processes/config/keys.ts";
import type { Founding } from "../../../../src-main/processes/daemon/founding.ts";
import {
  configuredPayout,
  ownAccounts,
} from "../../../../src-main/processes/daemon/own-accounts.ts";
import type { Node } from "../../../../src-main/node/index.ts";

const address = (fill: number) => new Uint8Array(20).fill(fill);
const keys = {
  owner: { address: address(1) },
  worker: { address: address(2) },
  verifier: { address: address(3) },
} as unknown as Founding["keys"];

function nodePaying(worker: Uint8Array, verifier: Uint8Array): Pick<Node, "account"> {
  const account = (asked: Uint8Array) => {
    const payout = asked[0] === 2 ? worker : asked[0] === 3 ? verifier : undefined;
    return { balanceBase: 0n, worker: payout === undefined ? undefined : { payout } };
  };
  return { account } as unknown as Pick<Node, "account">;
}

function settings(payout: string): Config {
  const config = parseConfig(payout === "" ? "" : `payoutAddress = "${payout}"`);
  if (!config.ok) throw new Error(config.rejection.code);
  return config.value;
}

const rolesOf = (config: Config, node: Pick<Node, "account">) =>
  ownAccounts(config, node, { keys }).map(({ role }) => role);

describe("ownAccounts", () => {
  it("are those whose keys are here where the owner is paid", () => {
    const node = nodePaying(address(1), address(1));
    expect(rolesOf(settings(""), node)).toEqual(["owner", "worker", "verifier"]);
  });

  it("count the address that is paid among them, whether the settings name it or not", () => {
    const node = nodePaying(address(9), address(9));
    for (const payout of ["", addressToText(address(9))]) {
      const own = ownAccounts(settings(payout), node, { keys });
      expect(own.slice(3)).toEqual([{ role: "payout", address: address(9) }]);
    }
  });

  it("are refused where the settings name another than worker or verifier is paid to", () => {
    const wanted = settings(addressToText(address(9)));
    for (const node of [
      nodePaying(address(1), address(1)),
      nodePaying(address(1), address(9)),
      nodePaying(address(9), address(8)),
    ]) {
      expect(() => rolesOf(wanted, node)).toThrow(Fault);
    }
    try {
      rolesOf(wanted, nodePaying(address(1), address(1)));
      expect.unreachable();
    } catch (error) {
      const facts = { ledger: addressToText(address(1)), "config.toml": addressToText(address(9)) };
      expect(error).toMatchObject({ code: "PROCESSES_PAYOUT", facts });
    }
  });
});

describe("payoutAddress", () => {
  it("is an address whose capitals fit, or empty", () => {
    expect(configuredPayout(settings(""))).toBeNull();
    const text = addressToText(address(0xab));
    expect(bytesToHex(configuredPayout(settings(text)) ?? address(0))).toBe("ab".repeat(20));
    const mistyped = text.replace(/[aA]/, (letter) => (letter === "a" ? "A" : "a"));
    for (const wrong of [mistyped, "0x12", "savings", `${text}0`]) {
      expect(parseConfig(`payoutAddress = "${wrong}"`)).toMatchObject({
        rejection: { code: "PROCESSES_CONFIG_VALUE", facts: { key: "payoutAddress" } },
      });
    }
  });

  it("is what a name near it means", () => {
    for (const key of ["payout_address", "payoutAdress", "payoutaddress"]) {
      expect(parseConfig(`${key} = ""`)).toMatchObject({
        rejection: { code: "PROCESSES_CONFIG_KEY", facts: { key, nearest: "payoutAddress" } },
      });
    }
  });
});
