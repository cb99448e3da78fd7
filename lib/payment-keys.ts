import { SecretValue } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageConfig } from './config';
import { ServiceSecret } from './constructs/service-secret';
import { nameIn } from './names';

export interface PaymentKeysProps {
  readonly config: StageConfig;
  readonly encryptionKey?: IKey | undefined;
}

/** The providers' keys, and the key that encrypts payment details. */
export class PaymentKeys extends Construct {
  /** Filled by an operator: `aws secretsmanager put-secret-value --secret-id payment-providers`. */
  readonly providers: ServiceSecret;
  /** Encrypts payment details. */
  readonly details: ServiceSecret;

  constructor(scope: Construct, id: string, { config, encryptionKey }: PaymentKeysProps) {
    super(scope, id);
    const { keys } = config.providers;
    this.providers = new ServiceSecret(this, 'Providers', {
      config,
      encryptionKey,
      secretName: nameIn(config.stage, 'payment-providers'),
      description: 'Keys and webhook secrets of Stripe and PayPay',
      generate: { secretStringTemplate: '{}', generateStringKey: 'none' }, // no provider yet
      value: keys === undefined ? undefined : SecretValue.unsafePlainText(keys), // the simulator's keys are not secret
    });
    this.details = new ServiceSecret(this, 'Seal', {
      config,
      encryptionKey,
      description: 'Key of the details of payments',
    });
  }
}
