import { earlier, type Owner } from './payment-state';

export const firstAt = (entries: readonly { readonly at: string }[]): string | undefined =>
  entries.reduce<string | undefined>((first, { at }) => earlier(first, at), undefined);

/** A broken rule, and from when it raises an alert. */
export type Violation = {
  readonly dueAt: string;
  readonly error: string;
  /** Its evidence: once a person has closed the alert, only another fact raises it again. */
  readonly facts: readonly string[];
  /** The service that must confirm it first, because it follows from a missing event. */
  readonly confirmWith?: Owner;
  /** The number of cases, when each raises the alert again. */
  readonly times?: number;
};
