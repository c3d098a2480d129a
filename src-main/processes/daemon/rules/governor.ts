/**
 * Decides, each second, whether work is held, and says why. What it decides comes from the pure
 * rules; here they meet time, signals, mining and the log.
 */

import {
  becauseOf,
  decide,
  decisionSentence,
  effectWords,
  expectedEffect,
  FRESH_DECISION,
  ownerPauses,
  ownerStarts,
  pauseEnd,
  unprotectedDevices,
} from "../../../energy/rules/index.ts";
import type {
  Decision,
  DecisionState,
  LocalTime,
  RuleSettings,
  RuleTimes,
  SignalsNow,
  SignalsProvider,
} from "../../../energy/rules/index.ts";
import type { CapInForce, RulesPreview, RulesState } from "../../../contract/control-api/index.ts";
import type { Log } from "../../../ports/log.ts";
import type { CapKeeper } from "./cap-keeper.ts";
import type { HeldMining, Hold } from "./held-mining.ts";

/** What it needs. */
export interface GovernorNeeds {
  readonly settings: RuleSettings;
  readonly signals: SignalsProvider;
  readonly mining: Pick<HeldMining, "hold" | "onOwner" | "tellCap" | "wanted">;
  /** Keeps caps; they hold work where they cannot be kept. */
  readonly caps: Pick<CapKeeper, "caps" | "step">;
  readonly log: Log;
  readonly localTime: (ms: number) => LocalTime;
  readonly nowMs: () => number;
  /** Time that only goes up. */
  readonly runMs: () => number;
}

/** Looking a day ahead is not done each second. */
const LOOK_EVERY_MS = 60_000;

/** The code of a pause by a rule; the rule's name is told beside it. */
const PAUSED = "ENERGY_RULE_PAUSED";

/** Holds work where rules or protections say so. */
export class Governor {
  readonly #needs: GovernorNeeds;
  #state: DecisionState = FRESH_DECISION;
  #decision: Decision | null = null;
  #hold: Hold | null = null;
  #signals: SignalsNow;
  #told = "";
  /** The foreseen end of a rule's pause, and when it was looked for. */
  #end: {
    readonly rule: string | null;
    readonly runMs: number;
    readonly untilMs: number | null;
  } | null = null;

  constructor(needs: GovernorNeeds) {
    this.#needs = needs;
    this.#signals = needs.signals.now();
    needs.mining.onOwner({
      started: () => {
        this.#state = ownerStarts(this.#state, needs.settings, needs.signals.now());
        this.tick();
      },
      paused: () => (this.#state = ownerPauses(this.#state)),
    });
  }

  /** Decides anew; called each second. */
  tick(): void {
    const { settings, mining } = this.#needs;
    this.#signals = this.#needs.signals.now();
    const { state, decision } = decide(this.#state, settings, this.#signals, this.#times());
    this.#state = state;
    this.#decision = decision;
    const { off, cap } = this.#needs.caps.step(decision.cap, this.#times().runMs);
    const own = this.#holdOf(decision);
    // Protections first, then what its owner switched off, then rules, then what cannot be kept.
    const hold = decision.protection === null ? (off ?? own ?? cap) : own;
    this.#hold = hold;
    mining.hold(hold);
    mining.tellCap(hold === null ? capsSentence(this.#needs.caps.caps()) : null);
    this.#tell(hold, decision);
  }

  /** What is decided now, and what stands behind it. */
  state(): RulesState {
    if (this.#decision === null) this.tick();
    const decision = this.#decision;
    const { settings } = this.#needs;
    // Those of single devices are told with them.
    const { own: _, ...limits } = settings.limits;
    return {
      work: this.#hold === null ? "run" : "pause",
      wanted: this.#needs.mining.wanted(),
      code: this.#hold?.code ?? null,
      sentence: this.#hold?.sentence ?? null,
      rule: decision?.rule ?? null,
      overridden: decision?.isOverridden ?? false,
      heldMs: Math.max(0, decision?.heldMs ?? 0),
      caps: this.#needs.caps.caps(),
      limits,
      unprotected: [...unprotectedDevices(this.#state.protections)],
      rules: settings.rules.map(({ name }) => name),
    };
  }

  /** What each rule would do at this moment, with the figures that it goes by. */
  preview(): RulesPreview {
    this.tick();
    const judged = this.#decision?.judged ?? [];
    const first = judged.find(({ asks }) => asks !== null);
    const { nowMs } = this.#times();
    return {
      atMs: nowMs,
      rules: judged.map((one) => {
        const plan = one.conditions.find(({ state }) => state.plan !== null)?.state.plan ?? null;
        return {
          name: one.rule.name,
          then: one.rule.then,
          otherwise: one.rule.otherwise,
          asks: one.asks,
          decides: one === first,
          holds: one.holds,
          because: becauseOf(one).slice(0, 512),
          conditions: one.conditions.map(({ holds, words }) => ({
            holds,
            words: words.slice(0, 256),
          })),
          effect:
            plan === null
              ? null
              : effectWords(
                  expectedEffect(plan, this.#signals, nowMs),
                  this.#signals.currency,
                ).slice(0, 512),
        };
      }),
    };
  }

  #times(): RuleTimes {
    const { nowMs, runMs, localTime } = this.#needs;
    return { nowMs: nowMs(), runMs: runMs(), localTime };
  }

  #sentence(decision: Decision): string | null {
    const times = this.#times();
    const sentence = decisionSentence(decision, times, this.#endOf(decision, times));
    return sentence === null ? null : sentence.slice(0, 512);
  }

  #endOf({ work, protection, rule }: Decision, times: RuleTimes): number | null {
    if (work === "run" || protection !== null) return null;
    const known = this.#end;
    const isFresh = known !== null && times.runMs - known.runMs < LOOK_EVERY_MS;
    const isAhead = known?.untilMs === null || (known?.untilMs ?? 0) > times.nowMs;
    if (isFresh && isAhead && known.rule === rule) return known.untilMs;
    const untilMs = pauseEnd(this.#state, this.#needs.settings, this.#signals, times);
    this.#end = { rule, runMs: times.runMs, untilMs };
    return untilMs;
  }

  #holdOf(decision: Decision): Hold | null {
    if (decision.work === "run") return null;
    const sentence = this.#sentence(decision) ?? "Paused by a rule";
    const { protection } = decision;
    if (protection !== null) {
      return { code: protection.code, facts: { ...protection.facts }, sentence };
    }
    return { code: PAUSED, facts: { rule: decision.rule ?? "" }, sentence };
  }

  /** Says in the log what changed; figures that move each second are not news. */
  #tell(hold: Hold | null, { rule, isOverridden }: Decision): void {
    const key = `${hold?.code ?? "run"} ${rule ?? ""} ${String(isOverridden)}`;
    if (key === this.#told) return;
    const isFirst = this.#told === "";
    this.#told = key;
    if (hold !== null) {
      this.#needs.log.warn("work is held", { ...hold.facts, code: hold.code, why: hold.sentence });
    } else if (!isFirst) {
      this.#needs.log.info("work is not held", isOverridden ? { by: "its owner's start" } : {});
    }
  }
}

/** What is said of all caps; null where none is in force. */
function capsSentence(caps: readonly CapInForce[]): string | null {
  return caps.length === 0
    ? null
    : caps
        .map(({ sentence }) => sentence)
        .join("; ")
        .slice(0, 512);
}
