/** Decides what Ctrl-C, a closed terminal and a service manager's stop mean: leave, cleanly. */

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs an action with a signal that aborts when the person or the system asks to leave. */
export async function untilAskedToLeave<T>(
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const leave = () => controller.abort();
  for (const signal of SIGNALS) process.on(signal, leave);
  try {
    return await action(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave);
  }
}
