/** Decides how files and folders are called: kebab-case, and never a name that means "anything". */
import type { Finding, Rule } from "../tree.ts";

const EMPTY_NAMES = new Set(["util", "utils", "helper", "helpers", "common", "misc", "shared"]);

/** Names that tools or the language fix, and documents in capitals. */
const FIXED = /^(\.ci|\.prettierrc\.json|[A-Z]+\.md)$/;

export const fileNames: Rule = {
  name: "file-names",
  holds: "names are kebab-case and say what is inside; no utils, helpers, common, misc, shared",
  check(tree) {
    const findings = new Map<string, Finding>();
    for (const { path } of tree.files) {
      for (const part of path.split("/")) {
        const message = refusal(part);
        if (message !== undefined) findings.set(part, { path, line: 1, message });
      }
    }
    return [...findings.values()];
  },
};

function refusal(part: string): string | undefined {
  if (FIXED.test(part)) return undefined;
  const stem = part.split(".")[0] ?? "";
  if (EMPTY_NAMES.has(stem)) return `"${part}" says nothing; name it after what it decides`;
  if (/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(part)) return undefined;
  return `"${part}" is not kebab-case`;
}
