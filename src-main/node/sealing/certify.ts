/** Decides how a lone validator turns its votes into a certificate, and that it checks its own. */

import { invariant } from "../../contract/outcome.ts";
import {
  certificateOf,
  ed25519Scheme,
  statementMessage,
  verifyCertificate,
} from "../../ledger/index.ts";
import type {
  Certificate,
  CertificateScheme,
  Genesis,
  Statement,
  VerifyEd25519,
  Vote,
} from "../../ledger/index.ts";

/** Whose votes they are and how they are checked. */
export interface CertifyNeeds {
  readonly genesis: Genesis;
  readonly genesisHash: Uint8Array;
  /** Index of this validator. */
  readonly validator: number;
  readonly sign: (message: Uint8Array) => Uint8Array;
  readonly verifyEd25519: VerifyEd25519;
}

/** Signs a statement and puts the vote into a certificate that was checked before it is used. */
export function certify(statement: Statement, needs: CertifyNeeds): Certificate {
  const { genesis, genesisHash, validator } = needs;
  const scheme: CertificateScheme = ed25519Scheme(needs.verifyEd25519);
  const signature = needs.sign(statementMessage(statement));
  const vote: Vote = { statement, validator, signature };
  const { validators } = genesis;
  const certificate = certificateOf([vote], validators, scheme);
  invariant(certificate.ok, "the only validator is a quorum");
  const checked = verifyCertificate(certificate.value, { genesisHash, validators, scheme });
  invariant(checked.ok, "a validator's own certificate verifies");
  return certificate.value;
}
