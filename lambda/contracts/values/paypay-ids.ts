/** The tenant and payment in a PayPay ID. */
type Owner = { readonly tenant: string; readonly paymentId: string };

const format = /^([a-z0-9][a-z0-9-]*)_(PAY-ORD-\d{6,12})(?:-([0-9a-z]{2}))?$/;

/**
 * Returns the PayPay ID of a payment: at most 64 letters, digits, `_` and `-`. A replacement code has a suffix of two
 * characters, for which the longest tenant and order IDs leave room.
 */
export const payPayIdOf = ({ tenant, paymentId }: Owner, suffix = ''): string =>
  `${tenant}_${paymentId}${suffix === '' ? '' : `-${suffix}`}`;

/** Returns the owner of a PayPay ID, or undefined when `payPayIdOf` did not make it. */
export const ownerOfPayPayId = (id: string): Owner | undefined => {
  const [, tenant, paymentId] = format.exec(id) ?? [];
  return tenant === undefined || paymentId === undefined ? undefined : { tenant, paymentId };
};
