import type { Examples } from './example-types';
import { orderExamples } from './order-examples';
import { paymentExamples } from './payment-examples';
import { peopleExamples } from './people-examples';
import { shopExamples } from './shop-examples';

/** What the document shows besides schemas. A test holds each example against its contract. */
export const examples: Examples = { ...orderExamples, ...shopExamples, ...paymentExamples, ...peopleExamples };
