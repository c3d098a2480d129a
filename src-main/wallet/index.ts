/** What the composition uses of the wallet: the keys of this machine, and its owner's wallets. */

export { demandFounders, openDevelopmentKeys } from "./development-keys.ts";
export type {
  AccountKey,
  DevelopmentKeys,
  EdwardsKey,
  KeyName,
  KeyNeeds,
  OpenedKeys,
} from "./development-keys.ts";
export { readKeyFile } from "./key-file.ts";
export { checkKeystore, checkNewPassword, openKeystore, sealKeystore } from "./keystore.ts";
export { statedAddress } from "./keystore.ts";
export { KEYSTORE_BYTES_MAX } from "./limits.ts";
export { keyOfPhrase, makePhrase, parsePhrase } from "./phrase.ts";
export type { PhraseLength } from "./phrase.ts";
export { checkNewWallet, listWallets, openWallet, readWallet } from "./wallet-files.ts";
export { storeWallet, walletFile, writeExport } from "./wallet-files.ts";
export type { ListedWallet, StoredWallet } from "./wallet-files.ts";
