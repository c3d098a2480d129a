/**
 * Decides how a room says what happened to whoever runs the program. A message is a sentence;
 * what varies stands in the facts, so that equal events have equal messages.
 */

/** Facts of one event. No secrets; bytes as hex. */
export type LogFacts = Readonly<Record<string, string | number | boolean>>;

/** Where events go; it never throws and never waits. */
export interface Log {
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
}
