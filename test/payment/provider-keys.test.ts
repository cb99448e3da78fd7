import { logger } from '../../lambda/kernel/logger';
import { providerKeys } from '../../lambda/payment/providers/provider-keys.gateway';
import { atEndpoint } from '../support/aws-endpoint';
import { answering } from './answering';

beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterEach(() => jest.restoreAllMocks());

const stripe = { secretKey: 'sk_live_1', webhookSecrets: ['whsec_1'] };
const paypay = { apiKey: 'key', apiSecret: 'secret', merchantId: 'shop', webhookSecrets: ['whsec_2'] };

const keysFrom = async (SecretString: string) => {
  using secrets = await answering(200, { SecretString });
  return await atEndpoint(secrets.url, () => providerKeys('payment-providers'));
};

test('S3-58 a provider that has no keys is one that nobody has a contract with', async () => {
  const { keysOf } = await keysFrom(JSON.stringify({ stripe }));
  expect([keysOf('stripe'), keysOf('paypay')]).toEqual([stripe, undefined]);
});

test('a secret with a slip of the pen is named, and no part of it is shown', async () => {
  const error = await keysFrom(`{"stripe":{"secretKey":sk_live_1}}`).catch((thrown: Error) => thrown);
  expect(String(error)).toBe('Error: the secret payment-providers is not JSON');
  expect((error as Error).cause).toBeUndefined();
});

test('S3-58 malformed keys of one provider are reported without their values, and the other provider works on', async () => {
  const reported = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  const { keysOf } = await keysFrom(JSON.stringify({ stripe: { ...stripe, webhookSecrets: 'whsec_1' }, paypay }));
  expect(keysOf('paypay')).toEqual(paypay);
  expect(() => keysOf('stripe')).toThrow('the keys of stripe in the secret payment-providers are malformed');
  expect(reported).toHaveBeenCalledTimes(1);
  expect(JSON.stringify(reported.mock.calls)).not.toMatch(/whsec_1|sk_live_1/);
});

test('S3-58 while the new keys of one provider are malformed, its earlier ones are used, and new ones of the other apply', async () => {
  jest.spyOn(logger, 'error').mockImplementation(() => undefined);
  const held = { SecretString: JSON.stringify({ stripe, paypay }) };
  using secrets = await answering(200, held);
  const clock = { now: 0 };
  await atEndpoint(secrets.url, async () => {
    const { keysOf, refreshBefore } = await providerKeys('payment-providers', () => clock.now);
    held.SecretString = JSON.stringify({ stripe: { secretKey: 'sk_live_2' }, paypay: { ...paypay, apiKey: 'new' } });
    clock.now = 300_000;
    const keys = await refreshBefore(async () => [keysOf('stripe'), keysOf('paypay')])();
    expect(keys).toEqual([stripe, { ...paypay, apiKey: 'new' }]);
  });
});
