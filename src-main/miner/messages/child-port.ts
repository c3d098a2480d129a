/** Decides how a child process and the daemon hold each other's end, whatever carries messages. */

/** The daemon's end, as a child sees it. */
export interface ChildPort {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Ends the process once what was sent has left. */
  end(exitCode: number): void;
}

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last text it wrote to its error stream. */
  readonly words: string;
}

/** A child, as the daemon sees it. */
export interface Child {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (exit: ChildExit) => void): void;
  /** Ends it without asking. */
  kill(): void;
}

/** Starts a child process of the program. */
export type ForkChild = (kind: "worker" | "verifier") => Child;
