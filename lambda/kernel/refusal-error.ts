/**
 * A service that says no on purpose. Its event is tried again within seconds; any other error is taken for a fault that
 * may take a minute to pass.
 */
export abstract class RefusalError extends Error {}
