/** Decides what an address of the Explorer asks for: `57`, `account/0x…`, `job/…`, `record/…`. */

/** What is asked for; a unit is shown with its job. */
export interface Asked {
  readonly kind: "slot" | "record" | "account" | "job" | "certificate";
  readonly name: string;
}

/** What the two parts of an address name; null where they name nothing. */
export function askedFor(item: string, part: string): Asked | null {
  if (part === "") return /^[0-9]{1,15}$/.test(item) ? { kind: "slot", name: item } : null;
  const isDigest = /^[0-9a-f]{64}$/.test(part);
  if ((item === "record" || item === "certificate") && isDigest) return { kind: item, name: part };
  if ((item === "job" || item === "unit") && isDigest) return { kind: "job", name: part };
  const isAddress = /^0x[0-9a-fA-F]{40}$/.test(part);
  return item === "account" && isAddress ? { kind: "account", name: part } : null;
}
