import { isDeepStrictEqual } from 'node:util';
import type { AttackedShop } from '../../support/attacked-shop';
import { eventually } from '../../support/flow';
import { stateOf } from '../../support/victim';

/** Everything of a shop that a request could have changed. */
const everythingOf = async ({ victim }: AttackedShop): Promise<unknown> => {
  const { client } = victim.staff;
  const lists = await Promise.all([
    client.listOrders(),
    client.listProducts(),
    client.listCategories(),
    client.listStock(),
    client.listReturns(),
    client.listPayments(),
    victim.admin.client.listUsers(),
  ]);
  return [...(await stateOf(victim)), ...lists.map(({ status, body }) => ({ status, body }))];
};

/** The same, once nothing is under way any more. */
export const settled = async (shop: AttackedShop): Promise<unknown> => {
  let last: unknown;
  return eventually('the shop is at rest', async () => {
    const now = await everythingOf(shop);
    const rests = isDeepStrictEqual(now, last);
    last = now;
    return rests ? now : undefined;
  });
};

type Json = Record<string, unknown>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Where two values differ: `/0/body/version: 1, 2`. */
export const differences = (one: unknown, other: unknown, at = ''): string[] => {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isJson(one) || !isJson(other)) return [`${at}: ${JSON.stringify(one)}, ${JSON.stringify(other)}`];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => differences(one[name], other[name], `${at}/${name}`));
};
