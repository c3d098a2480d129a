/** Decides where a unit test lies: at the path of the source that it tests. */
import type { Rule, Tree } from "../tree.ts";

export const mirroredTests: Rule = {
  name: "mirrored-tests",
  holds: "every unit test mirrors a source file",
  check(tree) {
    return tree.files.flatMap(({ path }) => {
      const mirrored = /^test\/unit\/(.+)\.test\.ts$/.exec(path)?.[1];
      if (mirrored === undefined) return [];
      // The page's tests lie below test/unit/src-renderer, a folder that no room is named like.
      const sources = mirrored.startsWith("src-renderer/")
        ? [`${mirrored}.ts`]
        : [`src-main/${mirrored}.ts`, `src-main/${mirrored}.mjs`];
      if (sources.some((source) => tree.byPath.has(source))) return [];
      const message = `there is no ${sources[0] ?? ""}; move the test to its source's path`;
      return [{ path, line: 1, message }];
    });
  },
};

/** Sources with something to test that have no unit test of their own; told, not enforced. */
export function sourcesWithoutUnitTest(tree: Tree): string[] {
  return tree.files
    .filter(({ path }) => /^src-main\/.+\.ts$/.test(path) && !path.endsWith("/index.ts"))
    .filter(({ text }) => /\b(function|class)\b|=>/.test(text))
    .map(({ path }) => path)
    .filter((path) => !tree.byPath.has(testOf(path)))
    .sort();
}

function testOf(path: string): string {
  return path.replace(/^src-main\//, "test/unit/").replace(/\.ts$/, ".test.ts");
}
