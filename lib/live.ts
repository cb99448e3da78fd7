import { Annotations, CfnOutput, Duration, type Stack } from 'aws-cdk-lib';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { OrderEvent } from '../lambda/contracts/events/order-events';
import type { PaymentEvent } from '../lambda/contracts/events/payment-events';
import type { UserEvent } from '../lambda/contracts/events/user-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { pushEventsEnv, serveConnectionsEnv } from '../lambda/live/env';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { serviceLogs } from './constructs/service-logs';
import { ServiceTable } from './constructs/service-table';
import { SocketApi } from './constructs/socket-api';
import type { Messaging } from './messaging';

/** The WebSocket API's ID on a local AWS. */
export const localLiveId = 'orderlive';

export interface LiveServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  /** Identifies the caller of a token. */
  readonly authorizer: ServiceFunction;
  /** Returns an order's state and owner. */
  readonly describeOrder: ServiceFunction;
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;

const orderEvents: readonly OrderEvent['type'][] = [
  'OrderPlaced.v2',
  'OrderConfirmed.v2',
  'OrderBackordered.v2',
  'OrderAwaitingPayment.v2',
  'OrderPaymentUpdated.v2',
  'OrderCancelled.v2',
  'OrderProcessing.v2',
  'OrderShipped.v2',
  'OrderDelivered.v2',
  'OrderReturned.v2',
];

const paymentEvents: readonly PaymentEvent['type'][] = [
  'PaymentRequested.v1',
  'PaymentSucceeded.v1',
  'PaymentFailed.v1',
  'PaymentRefunded.v1',
  'PaymentRefundFailed.v1',
  'PaymentMismatchFound.v1',
  'PaymentDisputed.v1',
];

const userEvents: readonly UserEvent['type'][] = ['UserAccessChanged.v1'];

/** Pushes changes of orders to the connected clients that follow them. */
export class LiveService extends Construct {
  readonly connections: ServiceTable;
  readonly api: SocketApi;
  readonly pushEvents: ServiceFunction;
  readonly consumer: QueueConsumer<string>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LiveServiceProps,
  ) {
    super(scope, id);
    const { messaging } = props;
    this.connections = new ServiceTable(this, 'Connections', {
      ...this.common(),
      tableName: 'live-connections',
      partitionKey: { name: 'subject', type: string },
      sortKey: { name: 'connectionId', type: string },
      timeToLiveAttribute: 'expiresAt',
    });
    this.api = new SocketApi(this, 'Api', {
      config: props.config,
      logs: serviceLogs(this, { ...this.common(), service: 'live' }),
      name: 'order-system-live',
      localId: localLiveId,
      handler: (api) => this.serveFunction(api),
    });
    this.pushEvents = this.pushFunction();
    this.consumer = new QueueConsumer<string>(this, 'Consumer', {
      queueName: 'live-queue',
      topic: messaging.orderEvents,
      eventTypes: orderEvents,
      alsoFrom: [
        { topic: messaging.paymentEvents, eventTypes: paymentEvents },
        { topic: messaging.userEvents, eventTypes: userEvents },
      ],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.pushEvents,
      encryptionKey: props.encryptionKey,
    });
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private toConnections(api: SocketApi) {
    return {
      CONNECTIONS_TABLE: this.connections.tableName,
      API_ID: api.id,
      API_STAGE: this.props.config.stage,
    };
  }

  private serveFunction(api: SocketApi): ServiceFunction {
    const { middleware, authorizer, describeOrder } = this.props;
    const environment: EnvFor<typeof serveConnectionsEnv> = {
      ...this.toConnections(api),
      AUTHORIZER_FUNCTION: authorizer.functionName,
      ORDER_FUNCTION: describeOrder.functionName,
    };
    const serve = new ServiceFunction(this, 'ServeConnections', {
      ...this.common(),
      middleware,
      handler: 'live/serve-connections',
      environment,
    });
    this.connections.allow(
      serve,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:BatchWriteItem',
    );
    api.allowManage(serve);
    const resourceArns = [authorizer.functionArn, describeOrder.functionArn];
    Grant.addToPrincipal({ grantee: serve, actions: ['lambda:InvokeFunction'], resourceArns });
    return serve;
  }

  private pushFunction(): ServiceFunction {
    const { config, messaging, authorizer } = this.props;
    const environment: EnvFor<typeof pushEventsEnv> = {
      ...this.toConnections(this.api),
      AUTHORIZER_FUNCTION: authorizer.functionName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    const push = new ServiceFunction(this, 'PushEvents', {
      ...this.common(),
      handler: 'live/push-events',
      environment,
      timeout: Duration.seconds(3 * config.consumerTimeout.toSeconds()), // an event may have many followers
    });
    this.connections.allow(push, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchWriteItem');
    this.api.allowManage(push);
    const resourceArns = [authorizer.functionArn];
    Grant.addToPrincipal({ grantee: push, actions: ['lambda:InvokeFunction'], resourceArns });
    return push;
  }
}

/** Adds the live status to a stack. Returns undefined with `-c live=off`. */
export const addLive = (stack: Stack, props: LiveServiceProps): LiveService | undefined => {
  if (!props.config.live) {
    const instead = 'Clients can poll GET /orders/{orderId}?waitForVersion=N instead.';
    Annotations.of(stack).addInfo(`live=off: there is no WebSocket API. ${instead}`);
    return undefined;
  }
  const live = new LiveService(stack, 'Live', props);
  new CfnOutput(stack, 'LiveUrl', { value: live.api.url });
  return live;
};
