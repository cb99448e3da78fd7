import { Stack } from 'aws-cdk-lib';
import { type AddToResourcePolicyResult, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';
import { nameIn } from '../names';
import { TopicStatement } from './topic-statement';

export interface DataKeyProps {
  readonly config: StageConfig;
  /** The alias for other stacks and operators, without its stage: `order-system-data`. */
  readonly alias: string;
}

/** The key of stored data: tables, queues, secrets and the stack's log groups. */
export class DataKey extends Key {
  private fromTopics: TopicStatement | undefined;

  constructor(scope: Construct, id: string, { config, alias }: DataKeyProps) {
    super(scope, id, {
      alias: nameIn(config.stage, alias),
      enableKeyRotation: true,
      removalPolicy: removalPolicy(config),
    });
    const { region, account, partition } = Stack.of(this);
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'], // a key policy's only resource is its key
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
  }

  override addToResourcePolicy(statement: PolicyStatement, allowNoOp?: boolean): AddToResourcePolicyResult {
    this.fromTopics ??= new TopicStatement(); // the constructor of `Key` adds a statement, too
    return this.fromTopics.join(statement, (one) => super.addToResourcePolicy(one, allowNoOp));
  }
}
