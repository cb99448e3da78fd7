import { type PostalAddress, StoredAddress } from '../../contracts/values/address';
import { subjectOf } from '../../contracts/values/sealed';
import { type KeyRing, type SealingKey, seal } from '../../kernel/sealing/key-ring';
import type { Order, OrderKey } from '../domain/order';

/** Who an order is for, readable. Both are missing once they are erased. */
export type Personal = {
  readonly customerEmail?: string | undefined;
  readonly shippingAddress?: PostalAddress | undefined;
};

type SealedPersonal = Pick<Order, 'customerEmail' | 'shippingAddress'>;

const placeOf = ({ tenant, orderId }: OrderKey, field: keyof Personal) => ({
  tenant,
  subject: subjectOf.order(orderId),
  field,
});

/** Seals who a new order is for. */
export const sealPersonal = (
  key: SealingKey,
  order: OrderKey,
  { customerEmail, shippingAddress }: Personal & { readonly customerEmail: string },
): SealedPersonal => ({
  customerEmail: seal(key, placeOf(order, 'customerEmail'), customerEmail),
  shippingAddress: shippingAddress && seal(key, placeOf(order, 'shippingAddress'), JSON.stringify(shippingAddress)),
});

/** Opens who an order is for. Throws when the keys cannot be read. */
export const openPersonal = async (
  keys: Pick<KeyRing, 'open'>,
  order: OrderKey & SealedPersonal,
): Promise<Personal> => {
  const [customerEmail, address] = await Promise.all([
    keys.open(order.customerEmail, placeOf(order, 'customerEmail')),
    order.shippingAddress && keys.open(order.shippingAddress, placeOf(order, 'shippingAddress')),
  ]);
  return {
    customerEmail,
    shippingAddress: address === undefined ? undefined : StoredAddress.parse(JSON.parse(address)),
  };
};
