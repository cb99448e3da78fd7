/** What a command came to: the thing that happened, or the reason why it did not. */
export type Decision<Fact, Reason> =
  | { readonly accepted: true; readonly fact: Fact }
  | { readonly accepted: false; readonly reason: Reason };

export const accept = <Fact>(fact: Fact): { readonly accepted: true; readonly fact: Fact } => ({
  accepted: true,
  fact,
});

export const reject = <Reason>(reason: Reason): { readonly accepted: false; readonly reason: Reason } => ({
  accepted: false,
  reason,
});

/**
 * A service that says no on purpose. Its event is tried again within seconds; any other error is taken for a fault that
 * may take a minute to pass.
 */
export abstract class RefusalError extends Error {}
