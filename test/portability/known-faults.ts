/** A check of a script that cannot pass on this emulator, by no fault of the system's. */
export type KnownFault = {
  readonly script: string;
  /** The text of the check. */
  readonly check: string;
  /** What the emulator does otherwise than AWS. */
  readonly reason: string;
};

/** A fault that is listed and does not show is a failure, too: the list says what is true. */
export const knownFaults: readonly KnownFault[] = [];
