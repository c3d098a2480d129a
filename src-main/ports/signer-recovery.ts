/**
 * Decides how a room asks who signed, without waiting for the answer: recovering a key takes longer
 * than everything else that is done with a record, so it may happen on another core.
 */

/** Recovers signers, in the order they were asked for. */
export interface SignerRecovery {
  /**
   * The address of the key that signed a 32-byte digest with 65 bytes r ‖ s ‖ v; undefined where it
   * is nobody's signature. Equal to `SignatureBackend.recover`; never rejects.
   */
  recover(digest: Uint8Array, signature: Uint8Array): Promise<Uint8Array | undefined>;
  /** Ends what was begun for it; what is asked afterwards is answered all the same. */
  close(): Promise<void>;
}
