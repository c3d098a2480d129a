/** Decides the bounds of rules, each with its reason. */

/** Rules of an owner: more than a person can keep in mind. */
export const RULES_MAX = 32;

/** Characters of a rule's name: it stands in the state sentence. */
export const RULE_NAME_MAX = 48;

/** Least and most time that a rule is held: units take minutes to come back to speed. */
export const HOLD_MIN_SECONDS = 60;
export const HOLD_MAX_SECONDS = 86_400;

/** The holding time where a rule names none, and of what no rule decides. */
export const HOLD_STANDARD_SECONDS = 300;

/** A device in use that fell silent is no longer protected; after so long work waits. */
export const SILENT_MS = 30_000;

/** Longest time for which a pause for too many watts is held; each one doubles it until then. */
export const WATTS_HOLD_MAX_MS = 3_600_000;

/** Share of the watts limit at or below which work goes on. */
export const WATTS_RESUME_SHARE = 0.9;

/** How far ahead the end of a pause is looked for, and in which steps. */
export const LOOK_AHEAD_MS = 86_400_000;
export const LOOK_STEP_MS = 300_000;

/** A cap is held at this share of it, and more work is given below the second: the hysteresis. */
export const CAP_TARGET_SHARE = 0.95;
export const CAP_RAISE_SHARE = 0.9;

/**
 * Between the two, the mean of a longer time decides: below the first of these shares of the cap
 * more work is given, up to the second. A card that is open takes most of its watts at rest, and a
 * tenth of the cap may be half of the work.
 */
export const CAP_CALM_MS = 30_000;
export const CAP_CALM_SHARE = 0.96;
export const CAP_CALM_TARGET = 0.97;

/** Least share of the time that work gets under a cap; where that is too much it waits. */
export const CAP_LEAST_SHARE = 0.05;

/** Share of the time that work begins with where nothing is known of its watts. */
export const CAP_FIRST_SHARE = 0.25;

/** Readings so soon after a change still tell of the time before: sensors mean over a second. */
export const CAP_SETTLE_MS = 1_000;

/** Least and most time whose mean decides; at least three steps with their rests are in it. */
export const CAP_PERIOD_MS = 4_500;
export const CAP_PERIOD_MAX_MS = 60_000;
export const CAP_PERIOD_STEPS = 3;

/** Periods above a cap at most: from the whole time by halves to the least share, and a pause. */
export const CAP_PERIODS_OVER = 7;

/** Longest time for which work waits for a cap that cannot be kept until it is tried again. */
export const CAP_HOLD_MS = { first: 120_000, last: 3_600_000 } as const;

/** Share of its nameplate that a device is taken to need at rest, where nothing measures it. */
export const CAP_IDLE_SHARE = 0.3;
