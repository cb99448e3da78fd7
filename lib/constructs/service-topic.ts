import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { nameIn } from '../names';
import { accept, unguarded } from './accept';
import { publishOverTls } from './tls-only';

export interface ServiceTopicProps {
  readonly config: StageConfig;
  readonly topicName: string;
  /** Whether it has its own policy, since AWS services publish to it. @default false: only functions do */
  readonly ownPolicy?: boolean;
  /** @default none: topics store nothing, so they are encrypted in transit only */
  readonly encryptionKey?: IKey | undefined;
}

/** A topic of one publisher, TLS only. */
export class ServiceTopic extends Topic {
  /** The topic's name as a literal, without its stage. */
  readonly label: string;
  private readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, props: ServiceTopicProps) {
    const { config, topicName, ownPolicy = false, encryptionKey } = props;
    const enforceSSL = config.guarded && ownPolicy;
    super(scope, id, { topicName: nameIn(config.stage, topicName), masterKey: encryptionKey, enforceSSL });
    this.label = topicName;
    this.key = encryptionKey;
    if (!config.guarded) accept(this, unguarded, 'AwsSolutions-SNS3');
    else if (!ownPolicy) publishOverTls(this);
  }

  /** Allows `handler` to publish, without the wildcard actions on the key that `grantPublish` grants. */
  allowPublish(handler: IGrantable): void {
    Grant.addToPrincipal({ grantee: handler, actions: ['sns:Publish'], resourceArns: [this.topicArn] });
    this.key?.grant(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}
