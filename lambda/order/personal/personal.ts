import { type PostalAddress, StoredAddress } from '../../contracts/values/address';
import { comparableEmail } from '../../contracts/values/email';
import { type KeyRef, type Sealed, sealedParts, subjectOf } from '../../contracts/values/sealed';
import { type KeyRing, type SealingKey, seal } from '../../kernel/sealing/key-ring';
import type { Tenant } from '../../kernel/tenant';
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

/**
 * Returns the keyed hash by which the orders of a guest with this address are found. Throws when the keys cannot be
 * read.
 */
export const contactOf = (keys: Pick<KeyRing, 'hash'>, tenant: Tenant, address: string): Promise<string> =>
  keys.hash(tenant, 'contact', comparableEmail(address));

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

const partsOf = ({ customerEmail, shippingAddress }: SealedPersonal): Sealed[] =>
  shippingAddress === undefined ? [customerEmail] : [customerEmail, shippingAddress];

/** Returns the keys under which it is sealed who an order is for, each once. */
export const keyRefsOf = (order: SealedPersonal): KeyRef[] => {
  const refs = partsOf(order).flatMap((text) => sealedParts(text).ref ?? []);
  return refs.filter(
    ({ keys, number }, index) => refs.findIndex((one) => one.keys === keys && one.number === number) === index,
  );
};

/** Returns whether all of it is sealed. Rows from before sealing have text that no destroyed key makes unreadable. */
export const isSealed = (order: SealedPersonal): boolean =>
  partsOf(order).every((text) => sealedParts(text).ref !== undefined);
