import { isDeepStrictEqual } from 'node:util';
import { broken } from './promises';
import type { Parcel } from './queues';

type Event = { readonly type: string; readonly time: string; readonly data: Readonly<Record<string, unknown>> };

/** What a fact is about, where the same one may be told by several events. */
const subjects: Readonly<Record<string, string>> = {
  'PaymentSucceeded.v1': 'externalPaymentId',
  'PaymentFailed.v1': 'paymentId',
  'PaymentRefunded.v1': 'refundId',
};

/** Hears every event that is published: a fact that is told again must be told as it was. */
export const publishedFacts = () => {
  const told = new Map<string, Event>();
  return ({ type, tenantId, body }: Parcel): void => {
    const subject = subjects[type];
    if (subject === undefined) return;
    const event = JSON.parse(body) as Event;
    const name = `${type} ${tenantId} ${event.data.paymentId} ${event.data[subject]}`;
    const before = told.get(name) ?? event;
    told.set(name, before);
    if (before.time !== event.time || !isDeepStrictEqual(before.data, event.data))
      broken('P29', `${name} was told with ${JSON.stringify(before)}, and with ${body}`);
  };
};
