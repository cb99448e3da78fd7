const unsupported = (): never => {
  throw new Error('no function calls an AWS operation that streams events');
};

/**
 * Replaces `@smithy/core/event-streams` in the bundles (16 KB of each): the SDK's clients load it only for operations
 * that stream events, and no function calls one. Throws when it is used.
 */
export const EventStreamSerde = unsupported;
export const eventStreamSerdeProvider = unsupported;
