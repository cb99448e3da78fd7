import { WebSocket } from 'ws';
import { createLiveClient, type Update } from '../../../clients/live';
import type { System } from '../system/system';
import { until } from '../wait';
import { payShop } from './pay-shop';

/** What a guest is told of one order over the WebSocket, from when it was begun. */
export type LiveLog = {
  /** One row for each message: what happened, and where order and payment are since. */
  readonly told: () => string[][];
  readonly close: () => void;
};

const rowOf = (update: Update): string[] =>
  update.kind === 'payment'
    ? [update.event, `payment version ${update.paymentVersion}`]
    : [update.event ?? 'as it was', [update.status, update.paymentStatus, `version ${update.version}`].join(', ')];

type Followed = { readonly system: System; readonly orderId: string; readonly trackingToken: string };

/** Begins to follow an order, and waits until it does. A stack without the live status tells nothing. */
export const watchOrder = async ({ system, orderId, trackingToken }: Followed): Promise<LiveLog> => {
  const rows: string[][] = [];
  const { liveUrl: url } = system;
  if (url === undefined) return { told: () => rows, close: () => undefined };
  const live = createLiveClient({ url, storefrontKey: payShop.storefrontKey, WebSocket });
  live.followOrder({ orderId, trackingToken }, { onUpdate: (update) => rows.push(rowOf(update)) });
  await until(async () => (rows.length > 0 ? true : undefined), { timeoutMs: 10_000 });
  return { told: () => rows, close: live.close };
};
