const unsupported = (): never => {
  throw new Error('no function calls an AWS operation that streams events');
};

/**
 * Stands in for `@smithy/core/event-streams` in the bundles: the SDK's clients load it only for an operation that streams
 * events, and no function calls one (16 KB of each bundle). Throws when it is used.
 */
export const EventStreamSerde = unsupported;
export const eventStreamSerdeProvider = unsupported;
