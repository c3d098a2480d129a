import { describe, expect, it } from "vitest";

import { sha256 } from "../../../../src-main/crypto/index.ts";
import type { Node } from "../../../../src-main/node/index.ts";
import type { Founding } from "../../../../src-main/processes/daemon/founding.ts";
import { practiceListings } from "../../../../src-main/processes/daemon/sponsored-jobs.ts";
import { listingSubmitter } from "../../../../src-main/processes/daemon/submit-listing.ts";

const entropy = { bytes: (count: number) => new Uint8Array(count) };

/** Submitting on a network that lists these; a refusal comes before the node is asked. */
function submitterOn(listings: Founding["genesis"]["listings"]) {
  const founding = { genesis: { listings } } as unknown as Founding;
  return listingSubmitter({ node: {} as Node, founding, hasher: sha256, entropy });
}

describe("listingSubmitter", () => {
  const listings = practiceListings(sha256);

  it("refuses a name that this version does not know", async () => {
    const refused = await submitterOn(listings)("no-such-job");
    expect(refused).toMatchObject({ ok: false, rejection: { code: "PROCESSES_LISTING" } });
  });

  it("refuses a job that this network lists in another form", async () => {
    const other = listings.map((listing) => ({ ...listing, templateHash: new Uint8Array(32) }));
    for (const lists of [other, []]) {
      const refused = await submitterOn(lists)(listings[0].name);
      expect(refused).toMatchObject({
        ok: false,
        rejection: { code: "PROCESSES_LISTING_CHANGED", facts: { name: listings[0].name } },
      });
    }
  });
});
