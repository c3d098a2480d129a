/**
 * Decides what a way to verify Ed25519 is asked before it may stand in for the definition: a plain
 * signature, one of another message, and the cases in which libraries differ. They are cases of
 * test/vectors/crypto/ed25519-strict.json, where more lie.
 */

import { hexToBytes } from "../../contract/index.ts";

/** One thing to ask, and whether the signature counts. */
export interface Ed25519Question {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly counts: boolean;
}

/** Name, public key, message, R, S, whether it counts. */
const CASES: readonly (readonly [string, string, string, string, string, boolean])[] = [
  [
    "plain signature",
    "82cc89820373518a9575fb213a021f34804177c7e48d2d07ea28a9a3980742db",
    "612073746174656d656e74",
    "d6e691908f4e4d5d9f6df2ea746786ebddc035d4731bb117cd3fc8ef32911abb",
    "a78fa3d48f176da121b6b865f7b23f869e380df6c2bcb5f8858acb1d5444ca0d",
    true,
  ],
  [
    "another message",
    "82cc89820373518a9575fb213a021f34804177c7e48d2d07ea28a9a3980742db",
    "612073746174656d656e742e",
    "d6e691908f4e4d5d9f6df2ea746786ebddc035d4731bb117cd3fc8ef32911abb",
    "a78fa3d48f176da121b6b865f7b23f869e380df6c2bcb5f8858acb1d5444ca0d",
    false,
  ],
  [
    "S + L",
    "82cc89820373518a9575fb213a021f34804177c7e48d2d07ea28a9a3980742db",
    "612073746174656d656e74",
    "d6e691908f4e4d5d9f6df2ea746786ebddc035d4731bb117cd3fc8ef32911abb",
    "94639931aa7a7ff9f752b008d6ac1e9b9e380df6c2bcb5f8858acb1d5444ca1d",
    false,
  ],
  [
    "A with torsion 1, R without: holds only times the cofactor",
    "3d46c09c8b82000995d885bd4380b6f63795b39266e934eaba6f1558df8a9bd9",
    "612073746174656d656e740000",
    "bacc2a917028e43b7bd61321bb762883c1af3a6dbfb447ba3d1b5cc8aeca9a90",
    "c0b23f212bc50172f6c658cfd806e48e83fbce1a3fde3a4e60f843cf644f5507",
    false,
  ],
  [
    "A with torsion 1: holds only for k not reduced",
    "3d46c09c8b82000995d885bd4380b6f63795b39266e934eaba6f1558df8a9bd9",
    "612073746174656d656e740000",
    "f2df387a0b145de5b60b8c20c8efa1f3cdce316befea4e7695cd109d9c76c0ab",
    "67f19e3d966bcbee21f7cefb5fc76565f1286fb7f08141fac12e70acf6f16300",
    false,
  ],
  [
    "A with torsion 1: holds for k reduced modulo L",
    "3d46c09c8b82000995d885bd4380b6f63795b39266e934eaba6f1558df8a9bd9",
    "612073746174656d656e740300",
    "aab4765f3f8979f2eb2825b0c93700aac4cebf6f9369f28bd2f21b351ad4fff3",
    "dc314e906f5bf4efe45ac1e7b90985ed5ab7201b8d6454047f7e0fe14ead7707",
    true,
  ],
  [
    "A with torsion 6: holds only for k not reduced",
    "3e84453f40de4f40dc646f955f0065c11347eec37ea3b367af2442f7e1c098fd",
    "612073746174656d656e740000",
    "7930f2d0b795bee47af05b1846aabc22b4fd6aeb95ea5f3a2a02b0f3f40750c7",
    "04e2dc174b8e6c332264e9231306b3b014f8df94b71d39bd213c0d8a8ce8de0d",
    false,
  ],
  [
    "A with torsion 6: holds for k reduced modulo L",
    "3e84453f40de4f40dc646f955f0065c11347eec37ea3b367af2442f7e1c098fd",
    "612073746174656d656e740100",
    "79d8a32025bed1f5e6da324cf2f6849d3cf86e6334bc3e195eb5ade4e964f8f0",
    "fbe72c8cd31ac9479aa419558a4d025950abe17464e6bc048ce2bb9f6b5f3b08",
    true,
  ],
  [
    "R is the identity, canonical",
    "82cc89820373518a9575fb213a021f34804177c7e48d2d07ea28a9a3980742db",
    "612073746174656d656e74",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "71c764fb96fe7b856515ff8279612cfa8153399da81aa0ef8e4eec98651a540f",
    true,
  ],
  [
    "A of small order, 1 times the generator of the torsion",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "612073746174656d656e740000",
    "762e7ed061fe7910a2dfa12396c8c9c2e40db5577bf2d85420a3587ff84c112b",
    "a70f74f5d24845ac7b50716a6cf49a8df8542cf0837994f787b54aa7f6645b03",
    false,
  ],
  [
    "R with torsion 1: holds only times the cofactor",
    "82cc89820373518a9575fb213a021f34804177c7e48d2d07ea28a9a3980742db",
    "612073746174656d656e74",
    "63b48fc2dac6dad2260bd82a3acb9f5dd2ce74b60c535566587e6547fc7051f8",
    "f0e13224b2f2b1e0ce0bf7d6de0b6d4ecf23fb8508b0265ceed61a5f6b20120d",
    false,
  ],
];

/** The questions. */
export const ED25519_QUESTIONS: readonly Ed25519Question[] = CASES.map(
  ([name, publicKey, message, r, s, counts]) => ({
    name,
    publicKey: hexToBytes(publicKey),
    message: hexToBytes(message),
    signature: hexToBytes(r + s),
    counts,
  }),
);
