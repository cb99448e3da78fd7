import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** The key of all tracking tokens. A function that cannot read it does not start. */
export const trackingSecret = async (arn: string, secrets = new SecretsManagerClient({})): Promise<string> => {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
  if (!SecretString) throw new Error('the tracking secret is empty');
  return SecretString;
};
