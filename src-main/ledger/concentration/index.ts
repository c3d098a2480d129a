/** The face of measuring concentration: how votes, work and money are spread over accounts. */
export { AccountSums } from "./account-sums.ts";
export type { Owned } from "./account-sums.ts";
export { giniOf, tenThousandths } from "./gini.ts";
export type { Ratio } from "./gini.ts";
export { LORENZ_STEPS, measureOf, OVER_A_HALF, OVER_A_THIRD } from "./measure.ts";
export type { LorenzPoint, Measure } from "./measure.ts";
