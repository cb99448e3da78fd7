import { type SecretValue, Stack } from 'aws-cdk-lib';
import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret, type SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';
import { accept, notRotated } from './accept';
import type { ServiceFunction } from './service-function';

export interface ServiceSecretProps {
  readonly config: StageConfig;
  readonly description: string;
  /** @default one that CloudFormation makes up */
  readonly secretName?: string;
  /** @default 64 random letters and digits */
  readonly generate?: SecretStringGenerator;
  /** What it holds from the start, where that is no secret. @default what is generated */
  readonly value?: SecretValue | undefined;
  /** @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** A secret that belongs to one service. */
export class ServiceSecret extends Secret {
  constructor(scope: Construct, id: string, props: ServiceSecretProps) {
    const { config, description, secretName, encryptionKey, value } = props;
    const generated = props.generate ?? { passwordLength: 64, excludePunctuation: true };
    super(scope, id, {
      description,
      ...(secretName === undefined ? {} : { secretName }),
      ...(value === undefined ? { generateSecretString: generated } : { secretStringValue: value }),
      removalPolicy: removalPolicy(config),
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    accept(this, notRotated, 'AwsSolutions-SMG4');
  }

  /** Lets `handler` read it. Its role says so, not the policy of the key: each would wait for the other one. */
  allowRead(handler: ServiceFunction): void {
    const actions = ['secretsmanager:GetSecretValue'];
    Grant.addToPrincipal({ grantee: handler, actions, resourceArns: [this.secretArn] });
    if (this.encryptionKey === undefined) return;
    const { region, urlSuffix } = Stack.of(this);
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [this.encryptionKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
      }),
    );
  }
}
