/** Decides what a row keeps of its deposit; `deposits.ts` takes deposits and gives them back. */

import { fixedBytes, struct, u128 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";

/** Of one size whatever it is worth; counts in the row's money. */
export const depositCodec = struct({ depositor: fixedBytes(20), depositBase: u128 });

/** Who lent how much for a row. */
export type Deposit = ValueOf<typeof depositCodec>;

/** What stands in a row that is not paid for yet, so that its bytes can be counted. */
export const NO_DEPOSIT: Deposit = { depositor: new Uint8Array(20), depositBase: 0n };
