import { providerKeys } from '../../lambda/payment/providers/provider-keys.gateway';
import { atEndpoint } from '../support/aws-endpoint';
import { answering } from './answering';

beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));

const keysFrom = async (SecretString: string) => {
  using secrets = await answering(200, { SecretString });
  const { current } = await atEndpoint(secrets.url, () => providerKeys('payment-providers'));
  return current();
};

const stripe = { secretKey: 'sk_live_1', webhookSecrets: ['whsec_1'] };

test('S3-58 a provider that has no keys is one that nobody has a contract with', async () => {
  expect(await keysFrom(JSON.stringify({ stripe }))).toEqual({ stripe });
});

test('a secret with a slip of the pen is named, and no part of it is shown', async () => {
  const error = await keysFrom(`{"stripe":{"secretKey":sk_live_1}}`).catch((thrown: Error) => thrown);
  expect(String(error)).toBe('Error: the secret payment-providers is not JSON');
  expect((error as Error).cause).toBeUndefined();
});
