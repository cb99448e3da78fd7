import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';

/** A second app as small as one can be: what deploys the storefront is tested with it. */
const stack = new Stack(new App(), 'StorefrontStack');

new Table(stack, 'Carts', {
  tableName: 'carts-of-test',
  partitionKey: { name: 'cartId', type: AttributeType.STRING },
  timeToLiveAttribute: 'expiresAt',
  billingMode: BillingMode.PAY_PER_REQUEST,
});
