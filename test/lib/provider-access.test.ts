import { readConfig } from '../../lib/config';
import { readProviders, realProviders, simulatedProviders } from '../../lib/provider-access';
import { simulatorKeys } from '../../scripts/payment-simulator/keys';

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

test('providers may be elsewhere, over https alone unless that is this machine', () => {
  const given = { stripeUrl: 'http://127.0.0.1:9/', paypayUrl: 'https://stg-api.sandbox.paypay.ne.jp' };
  expect(readProviders(realProviders, given)).toEqual({
    stripeUrl: 'http://127.0.0.1:9',
    payPayUrl: 'https://stg-api.sandbox.paypay.ne.jp',
  });
  for (const wrong of ['http://example.com', 'ftp://127.0.0.1', 'here'])
    expect(() => readProviders(realProviders, { stripeUrl: wrong })).toThrow(`-c stripeUrl=${wrong}`);
});
