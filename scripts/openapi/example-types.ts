import type { Operation } from '../../lambda/contracts/api/routes';

/** Bodies of requests by what they show, and the body of the answer to one that is done. */
export type Examples = {
  readonly [Name in Operation]?: {
    readonly bodies?: Readonly<Record<string, unknown>>;
    readonly answer?: unknown;
  };
};
