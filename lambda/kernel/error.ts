/**
 * A deliberate refusal by a service. Its event is retried within seconds; after any other error, up to a minute later.
 */
export abstract class RefusalError extends Error {}

/** Returns a thrown value as an `Error`. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
