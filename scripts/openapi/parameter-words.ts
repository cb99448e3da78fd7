/** What each parameter says, wherever it stands. */
const words: Readonly<Record<string, string>> = {
  'Accept-Language': 'The languages that the customer reads, for mails about the order: ja or en.',
  'Idempotency-Key': 'Names this request: the same key with the same request gets the stored answer, and acts once.',
  'If-Match': 'The ETag of the version that the change is meant for: 412 when there is a newer one.',
  'If-None-Match': 'The ETag of the version that the caller has: 304 when there is no newer one.',
  Prefer: '`respond-sync`: the stock is checked before the answer, and short stock is refused.',
  'Stripe-Signature': "Stripe's signature over the time and the raw body.",
  'Webhook-Id': "The notice's ID, which PayPay repeats when it sends the notice again.",
  'Webhook-Signature': "PayPay's signature over ID, time and raw body.",
  'Webhook-Timestamp': 'When the notice was sent, in seconds since 1970.',
  'X-CSRF-Token': 'The token that the answer to the log-in named.',
  'X-Storefront-Key': 'The key that names the shop of a guest. Without it the shop is `default`.',
  'X-Tracking-Token': 'The `trackingToken` of the order, for a guest.',
  alertId: 'The ID of the alert: its type and its order or product.',
  categoryId: 'The ID of the category.',
  erasureId: 'The ID of the erasure.',
  file: 'The name of a file of the page.',
  imageId: 'The ID of the image.',
  keyId: 'The ID of the storefront key, which is not the key.',
  orderId: 'The code of the order.',
  paymentId: 'The ID of the payment.',
  productId: 'The SKU of the product.',
  returnId: 'The ID of the return.',
  tenantId: 'The name of the tenant.',
  userId: 'The ID of the user.',
  category: 'Lists products of this category only.',
  cursor: 'The `nextCursor` of the page before.',
  dryRun: '`true` checks the file and changes nothing.',
  limit: 'The largest number of items on the page.',
  payment_method: 'How the order is paid.',
  product_id: 'The SKU of the product.',
  quantity: 'How many of it.',
  severity: 'Lists alerts of this severity only.',
  state: 'Lists alerts in this state only.',
  status: 'Lists what has this status only.',
  type: 'Lists alerts of this type only.',
  waitForVersion: 'Waits at most 20 seconds until the order has this version.',
};

type Parameter = { readonly name: string; description?: string };
type Operations = Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>;

/** Says of every parameter what it is. Throws for one without words. */
export const describeParameters = <Document extends { readonly paths?: object }>(document: Document): Document => {
  const all = Object.values(document.paths ?? {}).flatMap((path: Operations) => Object.values(path));
  for (const parameter of all.flatMap(({ parameters = [] }) => parameters)) {
    const description = words[parameter.name];
    if (description === undefined) throw new Error(`no words for the parameter ${parameter.name}`);
    parameter.description = description;
  }
  return document;
};
