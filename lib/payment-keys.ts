import { SecretValue } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from './config';
import { accept, notRotated } from './constructs/accept';
import type { ServiceFunction } from './constructs/service-function';

export interface PaymentKeysProps {
  readonly config: StageConfig;
  readonly encryptionKey?: IKey | undefined;
}

/** The variables that this gives to functions. */
export type KeyVariable = 'PROVIDER_KEYS_ARN' | 'SEAL_SECRET_ARN';

/** What payment providers know us by, and what the details of payments are sealed with. */
export class PaymentKeys extends Construct {
  /** Filled by an operator: `aws secretsmanager put-secret-value --secret-id payment-providers`. */
  private readonly providers: Secret;
  private readonly seal: Secret;

  constructor(scope: Construct, id: string, { config, encryptionKey }: PaymentKeysProps) {
    super(scope, id);
    const { keys } = config.providers;
    this.providers = new Secret(this, 'Providers', {
      secretName: 'payment-providers',
      description: 'What Stripe and PayPay know us by, and what they sign webhooks with',
      ...(keys === undefined
        ? { generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'none' } } // no provider yet
        : { secretStringValue: SecretValue.unsafePlainText(keys) }), // a simulator's
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    this.seal = new Secret(this, 'Seal', {
      description: 'Key of the details of payments',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: removalPolicy(config),
      encryptionKey,
    });
    for (const secret of [this.providers, this.seal]) accept(secret, notRotated, 'AwsSolutions-SMG4');
  }

  /** Lets `handler` read what providers know us by. */
  allowProviders(handler: ServiceFunction): void {
    handler.addEnvironment('PROVIDER_KEYS_ARN', this.providers.secretArn);
    this.providers.grantRead(handler);
  }

  /** Lets `handler` seal and open the details of payments. */
  allowSeal(handler: ServiceFunction): void {
    handler.addEnvironment('SEAL_SECRET_ARN', this.seal.secretArn);
    this.seal.grantRead(handler);
  }
}
