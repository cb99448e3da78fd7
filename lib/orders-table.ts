import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { ServiceTable, type ServiceTableProps } from './constructs/service-table';

const string = AttributeType.STRING;

/** The key attributes of each index. */
const indexes = {
  byDueAt: ['dueShard', 'dueAt'],
  byTenant: ['listKey', 'createdAt'],
  byCustomer: ['ownerKey', 'createdAt'],
  byContact: ['contactKey', 'createdAt'],
} as const;

/** Creates the orders table with the indexes of the lists and the sweep. */
export const ordersTable = (
  scope: Construct,
  props: Pick<ServiceTableProps, 'config' | 'encryptionKey'>,
): ServiceTable => {
  const orders = new ServiceTable(scope, 'Orders', {
    ...props,
    tableName: 'orders',
    partitionKey: { name: 'orderId', type: string },
    sortKey: { name: 'createdAt', type: string },
    relayed: true,
    timeToLiveAttribute: 'expiresAt', // only idempotency claims have it
  });
  for (const [indexName, [partition, sort]] of Object.entries(indexes)) {
    orders.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: partition, type: string },
      sortKey: { name: sort, type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
  return orders;
};
