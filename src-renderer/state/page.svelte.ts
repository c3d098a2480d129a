/** Decides what the page is made of, and when its lists are fetched again. */

import { untrack } from "svelte";
import type { Devices } from "../../src-main/contract/control-api/device.ts";
import type { MineStatus, Status } from "../../src-main/contract/control-api/status.ts";
import { Curves } from "./curves.svelte.ts";
import { Daemon } from "./daemon.svelte.ts";
import { Energy } from "./energy.svelte.ts";
import { Explorer } from "./explorer.svelte.ts";
import { Light } from "./light.svelte.ts";
import { Limits } from "./limits.svelte.ts";
import { Loader } from "./loader.svelte.ts";
import { ReceiptCheck } from "./receipts.svelte.ts";
import { Rewards } from "./rewards.svelte.ts";
import { Route } from "./route.svelte.ts";
import { ThemeChoice } from "./theme.svelte.ts";
import { OrderForm } from "./order-form.svelte.ts";
import { SendForm } from "./send-form.svelte.ts";
import { Wallets } from "./wallets.svelte.ts";
import { Telemetry } from "./telemetry.svelte.ts";
import { Work } from "./work.svelte.ts";

/** How often "today" and the last 24 hours move on while nothing else happens. */
const NOW_INTERVAL_MS = 60_000;

/** The whole page's state. */
export class Page {
  readonly route = new Route();
  readonly theme = new ThemeChoice();
  readonly daemon = new Daemon();
  readonly curves = new Curves(this.daemon);
  readonly work = new Work(this.daemon);
  readonly rewards = new Rewards(this.daemon);
  readonly wallets = new Wallets(this.daemon);
  readonly payment = new SendForm(this.daemon, () => void this.wallets.refresh());
  readonly jobOrder = new OrderForm(this.daemon, () => {
    void this.wallets.refresh();
    void this.work.refresh();
  });
  readonly light = new Light(this.daemon);
  readonly explorer = new Explorer(this.daemon, this.light);
  readonly energy = new Energy(this.daemon);
  readonly telemetry = new Telemetry(this.daemon);
  readonly limits = new Limits(this.daemon);
  readonly devices = new Loader<Devices>();
  readonly ordered = new Loader<MineStatus>();
  ordering = $state("");
  nowMs = $state(Date.now());

  /** Begins: connects, and follows what the daemon says. */
  async open(): Promise<void> {
    setInterval(() => (this.nowMs = Date.now()), NOW_INTERVAL_MS);
    $effect.root(() => {
      $effect(() => {
        if (this.daemon.link !== "open") return;
        untrack(() => {
          this.curves.breakOff();
          // Soon after the opening: the commit that was named then is provable for a while only.
          void this.light.advance();
          void this.devices.load(() => this.daemon.call("devices", {}));
        });
      });
      const unit = $derived(unitOf(this.daemon.status));
      $effect(() => {
        if (this.daemon.link !== "open" || unit === "") return;
        void this.curves.load(unit);
      });
      const doing = $derived(this.daemon.status?.mine.state ?? "");
      $effect(() => {
        // An order's refusal is about the state it met.
        if (doing !== "") untrack(() => this.ordered.clear());
      });
      const turns = $derived(turnsOf(this.daemon.status));
      $effect(() => {
        if (this.daemon.link !== "open" || turns === "") return;
        untrack(() => {
          this.nowMs = Date.now();
          void this.work.refresh();
          void this.rewards.refresh();
        });
      });
    });
    await this.daemon.open();
  }

  /** A check of its own for whoever opens a receipt. */
  newReceiptCheck(): ReceiptCheck {
    return new ReceiptCheck(this.daemon);
  }

  /** Start, pause or finish; the state sentence says what came of it. */
  async order(what: "start" | "pause" | "finish"): Promise<void> {
    if (this.ordering !== "") return;
    this.ordering = what;
    await this.ordered.load(() => this.daemon.call(`mine.${what}`, {}));
    this.ordering = "";
  }
}

/** The unit in hand, or the last one; empty where there was none. */
function unitOf(status: Status | null): string {
  return status?.mine.unit?.unit ?? status?.lastResult?.unit ?? "";
}

/** Changes when jobs, units or payments may have changed; progress alone does not change it. */
function turnsOf(status: Status | null): string {
  if (status === null) return "";
  const { jobsOpen, jobsDone, paidBase, lastResult, mine } = status;
  const unit = `${mine.unit?.unit ?? ""} ${mine.unit?.phase ?? ""}`;
  return `${jobsOpen} ${jobsDone} ${paidBase} ${lastResult?.unit ?? ""} ${unit}`;
}
