/** Decides what the help of the wallet's verbs adds: what happens, and commands to copy. */

export const CREATE_HELP = `
Asks for a new password twice, shows the recovery phrase once, and asks for three of its words. The
phrase is not kept anywhere: with it any Ethereum-style wallet can restore the account, without it
and without the password nobody can. A script gives --password-file, reads the phrase and the
questions from stderr, and answers one word a line on standard input.

Examples:
  vivian wallet create
  vivian wallet create savings --words 24`;

export const IMPORT_HELP = `
Asks for the phrase or the key without showing it; a script gives it as one line of standard input.
A keystore (Web3 Secret Storage version 3) is read from --file and keeps its password.

Examples:
  vivian wallet import savings
  vivian wallet import old --file UTC--2026-01-02--f39fd6e5.json`;

export const EXPORT_HELP = `
The keystore stays encrypted and opens with the same password in any wallet that reads Web3 Secret
Storage version 3. The file is readable by you alone.

Examples:
  vivian wallet export savings --out savings.json
  vivian wallet export savings --private-key --out savings.key`;
