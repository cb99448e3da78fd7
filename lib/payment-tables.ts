import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageConfig } from './config';
import type { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';

export interface PaymentTablesProps {
  readonly config: StageConfig;
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;

/** The indexes of the payment lists, sorted by creation. */
const lists = { byTenant: 'tenantList', byCustomer: 'customerList' } as const;

/** The payments table, with webhook receipts, and the accounts table. */
export class PaymentTables extends Construct {
  readonly payments: ServiceTable;
  readonly accounts: ServiceTable;

  constructor(scope: Construct, id: string, props: PaymentTablesProps) {
    super(scope, id);
    this.payments = new ServiceTable(this, 'Payments', {
      ...props,
      tableName: 'payments',
      partitionKey: { name: 'paymentId', type: string },
      relayed: true,
      timeToLiveAttribute: 'expiresAt', // only webhook receipts and idempotency claims have it
    });
    this.accounts = new ServiceTable(this, 'Accounts', {
      ...props,
      tableName: 'accounts',
      partitionKey: { name: 'accountId', type: string },
      sortKey: { name: 'entryId', type: string },
    });
    this.index('byDueAt', 'dueShard', 'dueAt');
    for (const [indexName, list] of Object.entries(lists)) this.index(indexName, list, 'createdAt');
  }

  /** Lets `handler` change payments and accounts. */
  allowChange(handler: ServiceFunction): void {
    this.payments.allow(handler, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    this.accounts.allow(handler, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  }

  /** Lets `handler` serve the routes, with access to one tenant at a time. */
  allowRoutes(handler: ServiceFunction): void {
    this.payments.allowForTenant(handler, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    for (const indexName of Object.keys(lists)) this.payments.allowQueryForTenant(handler, indexName);
    this.accounts.allowForTenant(handler, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  }

  private index(indexName: string, partition: string, sort: string): void {
    this.payments.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: partition, type: string },
      sortKey: { name: sort, type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
}
