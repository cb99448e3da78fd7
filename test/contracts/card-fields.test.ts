import { contractFields } from '../support/contract-fields';

const card = '4242 4242 4242 4242';
const digits = '4242424242424242';
const plain = ['Taro', '山田 太郎', '1-2-3'];

const takes = (schema: { safeParse: (value: unknown) => { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

const fields = contractFields();
const texts = fields.filter(({ schema }) => plain.every((text) => takes(schema, text)));
const of = (schemas: typeof fields) => [...new Set(schemas.map(({ at }) => at))].sort();

/** Free text in which a card number is let through, each for its reason. */
const exempt = {
  'passwords, which are compared and never kept': [
    'confirmTotp body/password',
    'createSession body/password',
    'logIn body/password',
    'setUpTotp body/password',
  ],
  'tokens and signatures, which are compared and never kept': [
    'cancelOrder headers/X-Tracking-Token',
    'createSession body/idToken',
    'deleteSession headers/X-CSRF-Token',
    'getOrder headers/X-Tracking-Token',
    'getOrderPayment headers/X-Storefront-Key',
    'getOrderPayment headers/X-Tracking-Token',
    'logOut body/refreshToken',
    'placeOrder headers/X-Storefront-Key',
    'receivePayPayWebhook headers/Webhook-Id',
    'receivePayPayWebhook headers/Webhook-Signature',
    'receivePayPayWebhook headers/Webhook-Timestamp',
    'receiveStripeWebhook headers/Stripe-Signature',
    'refreshTokens body/refreshToken',
  ],
  'headers that choose and are not kept': ['placeOrder headers/Accept-Language'],
  'what staff say of products, which holds bar codes': [
    'createProduct body/description',
    'createProduct body/name',
    'placeOrder body/items/0/name',
    'updateProduct body/description',
    'updateProduct body/name',
  ],
};

describe('card numbers in what clients write (S3-21)', () => {
  test('F-23 every free text that is kept refuses one, and says so', () => {
    const open = texts.filter(({ schema }) => takes(schema, card));
    const allowed = Object.values(exempt).flat();
    expect(
      of(open).filter((at) => !allowed.includes(at) && !/cursor|Prefer|Accept-Language|If-(None-)?Match/.test(at)),
    ).toEqual([]);
    expect(allowed.filter((at) => !of(open).includes(at))).toEqual([]);
  });

  test('F-23 these are the free texts that refuse one', () => {
    expect(of(texts.filter(({ schema }) => !takes(schema, card)))).toEqual([
      'acknowledgeAlert body/note',
      'createCategory body/name',
      'createTenant body/admin/displayName',
      'createTenant body/name',
      'createUser body/displayName',
      'placeOrder body/shippingAddress/city',
      'placeOrder body/shippingAddress/company',
      'placeOrder body/shippingAddress/kana',
      'placeOrder body/shippingAddress/line2',
      'placeOrder body/shippingAddress/name',
      'placeOrder body/shippingAddress/phoneNumber',
      'placeOrder body/shippingAddress/postalCode',
      'placeOrder body/shippingAddress/prefecture',
      'placeOrder body/shippingAddress/state',
      'placeOrder body/shippingAddress/street',
      'requestRefund body/reason',
      'requestReturn body/reason',
      'signUp body/displayName',
      'updateCategory body/name',
      'updateMe body/address/city',
      'updateMe body/address/company',
      'updateMe body/address/kana',
      'updateMe body/address/line2',
      'updateMe body/address/name',
      'updateMe body/address/phoneNumber',
      'updateMe body/address/postalCode',
      'updateMe body/address/prefecture',
      'updateMe body/address/state',
      'updateMe body/address/street',
      'updateMe body/displayName',
      'updateMe body/firstName',
      'updateMe body/lastName',
      'updateMe body/phoneNumber',
      'updateMe body/preferences/*',
      'updateStock body/reason',
      'updateTenant body/name',
    ]);
  });

  test('F-23 no ID refuses one', () => {
    const ids = fields.filter(
      ({ at, schema }) =>
        /(productId|productCode|customerId|userId|categoryId|sku|product_id|keyId)$/.test(at) && takes(schema, 'A-1'),
    );
    expect(ids.length).toBeGreaterThan(20);
    expect(of(ids.filter(({ schema }) => !takes(schema, digits)))).toEqual([]);
  });

  test('F-23 the names of preferences refuse one', () => {
    const [preferences] = fields.filter(({ at }) => at === 'updateMe body/preferences');
    expect(preferences?.schema.safeParse({ [digits]: true }).success).toBe(false);
    expect(preferences?.schema.safeParse({ theme: 'dark' }).success).toBe(true);
  });
});
