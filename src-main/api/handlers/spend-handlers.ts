/** Decides how spending from a wallet is answered: by name, and with its password each time. */

import { bytesToHex } from "../../contract/bytes.ts";
import type {
  Paid,
  PaymentPreview,
  PayParams,
  PreviewParams,
  WalletList,
  WalletOrderParams,
} from "../../contract/control-api/index.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Handlers } from "../handlers.ts";

/** What the methods of spending answer from. */
export interface SpendNeeds {
  readonly list: () => WalletList;
  readonly preview: (asked: PreviewParams) => Outcome<PaymentPreview>;
  /** Resolves when the payment is final. */
  readonly pay: (asked: PayParams) => Promise<Outcome<Paid>>;
  /** Resolves when the job's record is final. */
  readonly order: (
    asked: WalletOrderParams,
  ) => Promise<Outcome<{ readonly job: Uint8Array; readonly slot: bigint }>>;
}

type SpendMethods = "wallet.list" | "wallet.preview" | "wallet.pay" | "wallet.order";

/** Handlers of spending. */
export function spendHandlers(needs: SpendNeeds): Pick<Handlers, SpendMethods> {
  return {
    "wallet.list": () => Promise.resolve(accept(needs.list())),
    "wallet.preview": (asked) => Promise.resolve(needs.preview(asked)),
    "wallet.pay": (asked) => needs.pay(asked),
    "wallet.order": async (asked) => {
      const ordered = await needs.order(asked);
      if (!ordered.ok) return ordered;
      const { job, slot } = ordered.value;
      return accept({ job: bytesToHex(job), slot: Number(slot) });
    },
  };
}
