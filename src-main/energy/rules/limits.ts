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
