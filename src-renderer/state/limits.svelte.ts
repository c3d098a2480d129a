/** Decides what the page knows of devices' limits, and how one is set: at once, and kept. */

import type {
  LimitsOfDevice,
  LimitsSetParams,
  LimitsState,
} from "../../src-main/contract/control-api/limits.ts";
import type { Refusal } from "../bridge/daemon-link.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { Loader } from "./loader.svelte.ts";

/** How a cap is kept changes each few seconds at most. */
const INTERVAL_MS = 3_000;

/** Limits of the devices. */
export class Limits {
  readonly now = new Loader<LimitsState>();
  /** Why the newest setting was refused, and whose it was; null where it was not. */
  refused = $state.raw<{ readonly device: string; readonly refusal: Refusal } | null>(null);
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Asks until the answer is called. */
  watch(): () => void {
    const ask = () => this.now.load(() => this.#daemon.call("limits.state", {}));
    void ask();
    const timer = setInterval(() => void ask(), INTERVAL_MS);
    return () => clearInterval(timer);
  }

  /** Limits of a device; undefined while nothing is known. */
  of(device: string): LimitsOfDevice | undefined {
    return this.now.value?.devices.find((one) => one.device === device);
  }

  /** True where this session may set them. */
  get maySet(): boolean {
    return this.#daemon.mayOperate;
  }

  /** False while the miner is away: nothing can be set then. */
  get isLive(): boolean {
    return this.#daemon.link === "open";
  }

  /** Sets what is given; the answer is what holds from now on. */
  async set(params: LimitsSetParams): Promise<void> {
    const answer = await this.#daemon.call("limits.set", params);
    const { device } = params;
    this.refused = answer.ok ? null : { device, refusal: answer.rejection };
    // What the daemon says afterwards is shown, refused or not.
    await this.now.load(() =>
      answer.ok ? Promise.resolve(answer) : this.#daemon.call("limits.state", {}),
    );
  }
}
