import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config';
import { nameIn } from '../names';
import { accept, unguarded } from './accept';
import type { ServiceFunction } from './service-function';
import { publishOverTls } from './tls-only';

export interface ServiceTopicProps {
  readonly config: StageConfig;
  readonly topicName: string;
  /** Whether it needs a policy of its own, since AWS services publish to it. @default functions alone do */
  readonly ownPolicy?: boolean;
  /** @default topics keep nothing, so they are encrypted in transit alone */
  readonly encryptionKey?: IKey | undefined;
}

/** A topic of one publisher, reached over TLS alone. */
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

  /** Lets `handler` publish, without the wildcard actions on the key that `grantPublish` would give it. */
  allowPublish(handler: ServiceFunction): void {
    Grant.addToPrincipal({ grantee: handler, actions: ['sns:Publish'], resourceArns: [this.topicArn] });
    this.key?.grant(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}
