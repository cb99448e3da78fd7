import { subjectOf, unsealed } from '../contracts/values/sealed';
import { type KeyRing, seal } from '../kernel/sealing/key-ring';
import type { DeliveredOrder, Return } from './return';

const placeOf = ({ tenant, orderId }: Pick<DeliveredOrder, 'tenant' | 'orderId'>) => ({
  tenant,
  subject: subjectOf.order(orderId),
  field: 'reason',
});

const erased = unsealed('-'); // whoever was erased is not written about again

/** Seals why goods are returned, under the key of their order. */
export const sealReason = async (keys: Pick<KeyRing, 'named'>, order: DeliveredOrder, reason: string) => {
  const place = placeOf(order);
  const key = await keys.named(place.tenant, place.subject);
  return key === undefined ? erased : seal(key, place, reason);
};

/** Opens why goods are returned. Returns undefined when it was erased. */
export const openReason = (keys: Pick<KeyRing, 'open'>, given: Return): Promise<string | undefined> =>
  keys.open(given.reason, placeOf(given));
