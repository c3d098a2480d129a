/** Decides how the program is called by who reads its words: in a clone it is `npx vivian`. */

/** npm tells its children that it started them; an installed `vivian` has its own name. */
export function ownCommand(environment: NodeJS.ProcessEnv = process.env): string {
  return environment["npm_lifecycle_event"] === undefined ? "vivian" : "npx vivian";
}

/** A line whose commands in backticks can be typed as they stand. */
export function asTyped(line: string, command: string = ownCommand()): string {
  return line.replaceAll("`vivian ", `\`${command} `);
}
