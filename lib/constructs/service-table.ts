import { type Attribute, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';
import { nameIn } from '../names';

export interface ServiceTableProps {
  readonly config: StageConfig;
  readonly tableName: string;
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
  /** Whether a relay publishes the table's changes. @default false */
  readonly relayed?: boolean;
  /** The attribute with an item's expiry, in epoch seconds. @default items do not expire */
  readonly timeToLiveAttribute?: string;
  /** For how many days a restore can go back. @default 35 */
  readonly recoveryDays?: number;
  /** @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

type Action = `dynamodb:${string}`;

/** What acts for one tenant at a time, by a role of its own. */
type TenantGrantable = { readonly tenantRole: IGrantable };

/** A table of one service: on demand, encrypted, retained when the stage keeps its data. */
export class ServiceTable extends TableV2 {
  constructor(scope: Construct, id: string, props: ServiceTableProps) {
    const { config, relayed = false, recoveryDays, encryptionKey, ...table } = props;
    super(scope, id, {
      ...table,
      tableName: nameIn(config.stage, table.tableName),
      billing: Billing.onDemand(),
      dynamoStream: relayed ? StreamViewType.NEW_AND_OLD_IMAGES : undefined,
      encryption: encryptionKey
        ? TableEncryptionV2.customerManagedKey(encryptionKey)
        : TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        ...(recoveryDays === undefined ? {} : { recoveryPeriodInDays: recoveryDays }),
      },
      deletionProtection: config.deletionProtection,
      removalPolicy: removalPolicy(config),
    });
  }

  /** Allows `handler` these actions on the table's items, not on its indexes. */
  allow(handler: IGrantable, ...actions: Action[]): void {
    this.allowOn(this.tableArn, handler, actions);
  }

  /** Allows `handler` to query one index. */
  allowQuery(handler: IGrantable, indexName: string): void {
    this.allowOn(`${this.tableArn}/index/${indexName}`, handler, ['dynamodb:Query']);
  }

  /**
   * Allows `handler` these actions on the items of one tenant at a time: those whose partition key is the tenant or
   * starts with `<tenant>#`. Its routes must be `tenantRoutes` of `lambda/kernel/dynamodb/tenant-client.ts`.
   */
  allowForTenant(handler: TenantGrantable, ...actions: Action[]): void {
    this.allowTenantOn(this.tableArn, handler, actions);
  }

  /**
   * Allows `handler` to query one index for one tenant at a time, by the same condition on the index's partition key.
   */
  allowQueryForTenant(handler: TenantGrantable, indexName: string): void {
    this.allowTenantOn(`${this.tableArn}/index/${indexName}`, handler, ['dynamodb:Query']);
  }

  private allowOn(arn: string, grantee: IGrantable, actions: Action[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [arn] });
    this.allowKey(grantee);
  }

  private allowTenantOn(arn: string, { tenantRole }: TenantGrantable, actions: Action[]): void {
    const tenant = '$' + '{aws:PrincipalTag/tenant}';
    tenantRole.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions,
        resources: [arn],
        conditions: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${tenant}#*`, tenant] },
          Null: { 'dynamodb:LeadingKeys': 'false' }, // a call without a key would pass the line above
        },
      }),
    );
    this.allowKey(tenantRole);
  }

  private allowKey(grantee: IGrantable): void {
    this.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey');
  }
}
