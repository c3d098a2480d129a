/**
 * Decides what systemd hears of a daemon that it runs: when it answers, what it does, that it is
 * alive, and when it begins to end. Alive means that the loop turns and the status can be made; a
 * daemon that hangs falls silent and is started anew.
 */

import { openServiceNotifier } from "../../adapters/host/index.ts";
import type { ServiceNotifier } from "../../adapters/host/index.ts";
import type { Status } from "../../contract/control-api/index.ts";

/** What is told, and how life is looked for. */
export interface Supervised {
  /** Its status now; a promise that does not settle is a daemon that hangs. */
  readonly status: () => Promise<Status>;
  /** A daemon that ends has no status and is alive all the same. */
  readonly isEnding: () => boolean;
}

/** The line to the service manager; every call does nothing where there is none. */
export interface ServiceLine {
  /** It answers: said once, then signs of life follow as often as is asked for. */
  ready(supervised: Supervised): void;
  stopping(): void;
  close(): void;
}

/** systemd's names; taken out of the environment, since they are not meant for our children. */
const NAMES = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

/** Most a sign of life may be apart, whatever is asked for: the status line is told with it. */
const APART_MS_MAX = 60_000;

/** Opens the line that the environment names, and takes the names out of it. */
export function openServiceLine(
  environment: NodeJS.ProcessEnv = process.env,
  pid: number = process.pid,
): ServiceLine {
  const { NOTIFY_SOCKET: path = "" } = environment;
  const everyMs = watchdogMs(environment, pid);
  for (const name of NAMES) delete environment[name];
  const notifier = path === "" ? null : openServiceNotifier(path);
  return notifier === null ? SILENT : new OpenLine(notifier, everyMs);
}

const SILENT: ServiceLine = {
  ready: () => undefined,
  stopping: () => undefined,
  close: () => undefined,
};

/** Half of what is asked for, as sd_watchdog_enabled(3) advises; null where nothing is. */
export function watchdogMs(environment: NodeJS.ProcessEnv, pid: number): number | null {
  const { WATCHDOG_USEC: microseconds = "", WATCHDOG_PID: meant = "" } = environment;
  if (meant !== "" && meant !== String(pid)) return null;
  if (!/^[0-9]{1,15}$/.test(microseconds) || Number(microseconds) === 0) return null;
  return Math.max(1, Math.min(APART_MS_MAX, Math.floor(Number(microseconds) / 2_000)));
}

/** What the daemon does, in the words that `systemctl status` shows. */
export function statusWords({ mine, network }: Status): string {
  const { unit } = mine;
  if (mine.state === "failed") return `Not mining: ${mine.code ?? "failed"}`;
  const training = unit === null ? "" : ` ${unit.jobName}, step ${unit.step} of ${unit.steps}`;
  return `${network}: ${mine.state}${training}`;
}

class OpenLine implements ServiceLine {
  readonly #notifier: ServiceNotifier;
  readonly #everyMs: number | null;
  #timer: NodeJS.Timeout | null = null;

  constructor(notifier: ServiceNotifier, everyMs: number | null) {
    this.#notifier = notifier;
    this.#everyMs = everyMs;
  }

  ready(supervised: Supervised): void {
    this.#notifier.tell(["READY=1", `MAINPID=${process.pid}`]);
    if (this.#everyMs === null) return;
    let isAsking = false;
    this.#timer = setInterval(() => {
      if (isAsking) return;
      isAsking = true;
      void this.#signOfLife(supervised).finally(() => (isAsking = false));
    }, this.#everyMs);
    this.#timer.unref();
  }

  async #signOfLife({ status, isEnding }: Supervised): Promise<void> {
    try {
      const words = isEnding() ? null : statusWords(await status());
      const told = words === null ? [] : [`STATUS=${words.replace(/\s+/g, " ")}`];
      this.#notifier.tell(["WATCHDOG=1", ...told]);
    } catch {
      // A daemon that cannot say how it is gives no sign of life, and is started anew.
    }
  }

  stopping(): void {
    this.#notifier.tell(["STOPPING=1", "STATUS=Ending; work in hand is kept"]);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#notifier.close();
  }
}
