import { type Attribute, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';

export interface ServiceTableProps {
  readonly config: StageConfig;
  readonly tableName: string;
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
  /** Whether a relay publishes the table's changes. @default false */
  readonly relayed?: boolean;
  /** The attribute that says when an item may be forgotten, in epoch seconds. @default items stay */
  readonly timeToLiveAttribute?: string;
  /** @default a key that AWS owns */
  readonly encryptionKey?: IKey;
}

/** A table that belongs to one service: on demand, encrypted, and kept as long as the stage says. */
export class ServiceTable extends TableV2 {
  constructor(scope: Construct, id: string, props: ServiceTableProps) {
    const { config, relayed = false, encryptionKey, ...table } = props;
    super(scope, id, {
      ...table,
      billing: Billing.onDemand(),
      ...(relayed ? { dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
      encryption: encryptionKey
        ? TableEncryptionV2.customerManagedKey(encryptionKey)
        : TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: config.keepData },
      deletionProtection: config.keepData,
      removalPolicy: removalPolicy(config),
    });
  }
}
