/**
 * Decides in which collections words are searched: one for each kind of publication, all embedded
 * alike (`text-1`), so that whoever publishes and whoever searches mean the same.
 */

/** What a publication can be. */
export const PUBLICATION_KINDS = ["dataset", "model", "job", "other"] as const;

/** One of them. */
export type PublishedKind = (typeof PUBLICATION_KINDS)[number];

/** The collection of the words of a kind. */
export function wordCollection(what: PublishedKind): string {
  return `${what}.text-1`;
}

/** The text of a publication that is embedded: what it is called, what it says, its tags. */
export function publishedWords(name: string, about: string, tags: readonly string[]): string {
  return [name, about, ...tags].join(" ");
}
