/** Decides what ERRORS.md says: each code, what happened, what is safe, what to do next. */

import { CODE_LISTS, explainCode } from "./explain.ts";
import { safeWith } from "./safety.ts";

/** A wrong input, the codes it is told with, and the test that makes it happen. */
export interface ProvokedInput {
  readonly input: string;
  /** Empty where the program goes on and refuses nothing. */
  readonly codes: readonly string[];
  /** Path of the test file. */
  readonly test: string;
  /** Name of the `it` in that file. */
  readonly fact: string;
}

/** The text of ERRORS.md, from the lists of codes and the wrong inputs that tests provoke. */
export function errorsPage(inputs: readonly ProvokedInput[]): string {
  const lists = CODE_LISTS.flatMap(({ title, codes }) => [
    `## ${title}`,
    "",
    ...table(
      ["Code", "What happened", "What is safe", "What to do next"],
      Object.keys(codes).map((code) => {
        const { what, next } = explainCode(code);
        return [`\`${code}\``, what, safeWith(code), next];
      }),
    ),
    "",
  ]);
  return [
    "# What can go wrong",
    "",
    "Every refusal and every fault has a permanent code. This page is made from the lists in",
    "`codes/` and from `safety.ts`; `npm run test:unit -- errors-page -u` writes it again.",
    "",
    ...lists,
    "## Wrong inputs and the tests that make them",
    "",
    ...table(["Wrong input", "Code", "Test", "What it shows"], inputs.map(inputRow)),
    "",
  ].join("\n");
}

function inputRow({ input, codes, test, fact }: ProvokedInput): string[] {
  const told = codes.map((code) => `\`${code}\``).join(", ");
  return [input, told === "" ? "–" : told, `\`${test}\``, fact];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}
