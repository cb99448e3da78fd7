/** The result of a command: the fact when it is accepted, the reason when it is rejected. */
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
