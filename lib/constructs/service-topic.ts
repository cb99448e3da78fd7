import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ServiceFunction } from './service-function';

export interface ServiceTopicProps {
  readonly topicName: string;
  /** @default topics keep nothing, so they are encrypted in transit alone */
  readonly encryptionKey?: IKey | undefined;
}

/** A topic of one publisher, reached over TLS alone. */
export class ServiceTopic extends Topic {
  private readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, { topicName, encryptionKey }: ServiceTopicProps) {
    super(scope, id, { topicName, masterKey: encryptionKey, enforceSSL: true });
    this.key = encryptionKey;
  }

  /** Lets `handler` publish, without the wildcard actions on the key that `grantPublish` would give it. */
  allowPublish(handler: ServiceFunction): void {
    Grant.addToPrincipal({ grantee: handler, actions: ['sns:Publish'], resourceArns: [this.topicArn] });
    this.key?.grant(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}
