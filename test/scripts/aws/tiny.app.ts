import { App, Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';

// an app with two stacks, for what a deployment reads of an app's templates

const app = new App();
const stage = String(app.node.tryGetContext('stage'));
const live = app.node.tryGetContext('live');
if (live !== undefined && live !== 'on') throw new Error(`-c live=${live}: must be on or off`);

const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };
const one = new Stack(app, 'OneStack', { stackName: `OneStack-${stage}`, env });
new TableV2(one, 'Orders', { tableName: 'orders', partitionKey: { name: 'id', type: AttributeType.STRING } });
new Queue(one, 'Queue', { queueName: 'inventory-queue' });
new Queue(one, 'Nameless');
new Topic(one, 'Topic', { topicName: 'order-events' });
new Secret(one, 'Secret', { secretName: 'payment-providers' });
new UserPool(one, 'Users');
for (const id of ['A', 'B'])
  new LambdaFunction(one, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {}'),
    reservedConcurrentExecutions: 5,
  });
new Queue(new Stack(app, 'OtherStack', { env }), 'Queue');
