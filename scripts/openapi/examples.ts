import type { Operation } from '../../lambda/contracts/api/routes';
import { orderExamples } from './order-examples';
import { paymentExamples } from './payment-examples';
import { peopleExamples } from './people-examples';
import { shopExamples } from './shop-examples';

/** Bodies of requests by what they show, and the body of the answer to one that is done. */
export type Examples = {
  readonly [Name in Operation]?: {
    readonly bodies?: Readonly<Record<string, unknown>>;
    readonly answer?: unknown;
  };
};

/** What the document shows besides schemas. A test holds each example against its contract. */
export const examples: Examples = { ...orderExamples, ...shopExamples, ...paymentExamples, ...peopleExamples };
