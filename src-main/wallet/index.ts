/** What the composition uses of the wallet: the keys of this machine. */

export { openDevelopmentKeys } from "./development-keys.ts";
export type {
  AccountKey,
  DevelopmentKeys,
  EdwardsKey,
  KeyName,
  KeyNeeds,
  OpenedKeys,
} from "./development-keys.ts";
