/**
 * Decides that run-time checks never compile code: the page's policy refuses that, and the checker
 * would try once and have the refusal reported. Runs before any schema is made.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
export {};
