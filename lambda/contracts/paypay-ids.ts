/** Whose payment it is, as its ID with PayPay says. */
type Owner = { readonly tenant: string; readonly paymentId: string };

const format = /^([a-z0-9][a-z0-9-]*)_(PAY-ORD-\d{6,12})(?:-([0-9a-z]{2}))?$/;

/**
 * Returns the ID that a payment has with PayPay: at most 64 letters, digits, `_` and `-`. A code that replaces another has
 * a suffix of two characters, for which the longest tenant and order leave room.
 */
export const payPayIdOf = ({ tenant, paymentId }: Owner, suffix = ''): string =>
  `${tenant}_${paymentId}${suffix === '' ? '' : `-${suffix}`}`;

/** Returns whose payment an ID with PayPay is for, or nothing when `payPayIdOf` has not made it. */
export const ownerOfPayPayId = (id: string): Owner | undefined => {
  const [, tenant, paymentId] = format.exec(id) ?? [];
  return tenant === undefined || paymentId === undefined ? undefined : { tenant, paymentId };
};
