import { readConfig } from '../../lib/config';
import { readProviders, realProviders, simulatedProviders } from '../../lib/provider-access';
import { simulatorKeys } from '../../scripts/payment-simulator/keys';

const local = { stage: 'local', providers: simulatedProviders };
const dev = { stage: 'dev', providers: realProviders };

test('the local stage knows the simulator by the keys that it takes', () => {
  expect(JSON.parse(simulatedProviders.keys ?? '')).toEqual(simulatorKeys);
  expect(readConfig({ stage: 'local' }).providers).toEqual(simulatedProviders);
});

test('S3-21 stages on AWS ask the real providers, and have no keys in their template', () => {
  expect(readConfig({ stage: 'dev' }).providers).toEqual({
    stripeUrl: 'https://api.stripe.com',
    payPayUrl: 'https://api.paypay.ne.jp',
  });
});

test('P20 the simulator of the local stage is named as containers know the host that it runs on', () => {
  const { stripeUrl, payPayUrl } = simulatedProviders;
  expect([stripeUrl, payPayUrl]).toEqual(['http://host.docker.internal:4570', 'http://host.docker.internal:4570']);
  const given = { stripeUrl: 'http://host.docker.internal:9/' };
  expect(readProviders(local, given).stripeUrl).toBe('http://host.docker.internal:9');
});

test('providers may be elsewhere, over https', () => {
  const given = { paypayUrl: 'https://stg-api.sandbox.paypay.ne.jp/' };
  for (const stage of [local, dev])
    expect(readProviders(stage, given).payPayUrl).toBe('https://stg-api.sandbox.paypay.ne.jp');
});

const notHere = ['http://example.com', 'http://127.0.0.1:9', 'https://localhost', 'http://[::1]:9', 'ftp://x', 'here'];

test.each(notHere)('P20 %s is no provider’s address: the local stage says what is', (given) => {
  expect(() => readProviders(local, { stripeUrl: given })).toThrow(
    `-c stripeUrl=${given}: must be a URL such as https://api.example.com, or http://host.docker.internal:<port> for what runs on this machine`,
  );
});

test.each([...notHere, 'http://host.docker.internal:4570', 'https://host.docker.internal'])(
  'P20 S3-21 %s is no provider’s address on AWS',
  (given) => {
    expect(() => readProviders(dev, { paypayUrl: given })).toThrow(
      new Error(`-c paypayUrl=${given}: must be a URL such as https://api.example.com`),
    );
  },
);

const page = 'https://{tenant}.example.com/orders/{orderId}';

test('F-06 customers come back from PayPay to the page that is given', () => {
  expect(readProviders(dev, { returnUrl: page }).returnUrl).toBe(page);
  expect(readProviders(local, { returnUrl: 'http://localhost:5173/{orderId}' }).returnUrl).toBe(
    'http://localhost:5173/{orderId}',
  );
  expect(readProviders(dev, {}).returnUrl).toBeUndefined();
});

test.each([
  ...['http://shop.example.com', 'http://localhost:5173', 'javascript:alert(1)', 'shop.example.com', ''],
  ...['https://shop.example.com/{userId}', 'https://u:p@shop.example.com', `https://a.example.com/${'x'.repeat(255)}`],
])('F-06 %s is no page for customers to come back to', (given) => {
  expect(() => readProviders(dev, { returnUrl: given })).toThrow('must be an https page of at most 255 characters');
});
