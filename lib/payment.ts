import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { OrderEvent } from '../lambda/contracts/events/order-events';
import type { ReturnEvent } from '../lambda/contracts/events/return-events';
import type { EnvFor } from '../lambda/kernel/env';
import type {
  askProviderEnv,
  describePaymentEnv,
  pollPaymentsEnv,
  receiveWebhooksEnv,
  requestPaymentsEnv,
  servePaymentsEnv,
} from '../lambda/payment/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { runEveryMinute } from './constructs/every-minute';
import { QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { StreamRelay } from './constructs/stream-relay';
import type { Messaging } from './messaging';
import { PaymentKeys } from './payment-keys';
import { PaymentTables } from './payment-tables';

export interface PaymentServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  /** The query function for orders. */
  readonly describeOrder: ServiceFunction;
  /** The query function for users. */
  readonly describeUser: ServiceFunction;
  readonly encryptionKey?: IKey | undefined;
}

const orders: readonly OrderEvent['type'][] = ['OrderAwaitingPayment.v2', 'OrderCancelled.v2', 'OrderReturned.v2'];
const returns: readonly ReturnEvent['type'][] = ['ReturnCompleted.v2'];

/** Captures and refunds the money of orders at payment providers, each exactly once. */
export class PaymentService extends Construct {
  readonly tables: PaymentTables;
  readonly relay: StreamRelay;
  readonly consumer: QueueConsumer<string>;
  /** Polls due payments every minute. */
  readonly poll: ServiceFunction;
  /** The query function for payments. */
  readonly describePayment: ServiceFunction;
  private readonly keys: PaymentKeys;
  /** The only function with the providers' keys; the other functions invoke it. */
  private readonly answerProviderRequest: ServiceFunction;
  private readonly servePayments: ServiceFunction;
  private readonly receiveWebhooks: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PaymentServiceProps,
  ) {
    super(scope, id);
    const { config, messaging, encryptionKey } = props;
    this.tables = new PaymentTables(this, 'Tables', this.common());
    this.keys = new PaymentKeys(this, 'Keys', this.common());
    const { stripeUrl, payPayUrl, returnUrl } = config.providers;
    const environment: EnvFor<typeof askProviderEnv> = {
      PROVIDER_KEYS_ARN: this.keys.providers.secretArn,
      STRIPE_URL: stripeUrl,
      PAYPAY_URL: payPayUrl,
      RETURN_URL: returnUrl ?? '',
    };
    this.answerProviderRequest = this.function('AskProvider', 'ask-provider', environment);
    this.keys.providers.allowRead(this.answerProviderRequest);
    this.consumer = new QueueConsumer<string>(this, 'Consumer', {
      queueName: 'payment-queue',
      topic: messaging.orderEvents,
      eventTypes: orders,
      alsoFrom: [{ topic: messaging.returnEvents, eventTypes: returns }],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.requestFunction(),
      encryptionKey,
    });
    this.poll = this.pollFunction();
    this.servePayments = this.serveFunction();
    this.describePayment = this.describePaymentFunction();
    this.receiveWebhooks = this.webhookFunction();
    this.relay = new StreamRelay(this, 'Relay', {
      ...this.common(),
      handler: 'payment/relay-payment-events',
      table: this.tables.payments,
      topic: messaging.paymentEvents,
      deadLetterQueueName: 'payment-relay-dlq',
    });
  }

  /** The function of each route. */
  get handlers(): RouteHandlers {
    const { servePayments, receiveWebhooks } = this;
    return {
      getOrderPayment: servePayments,
      listPayments: servePayments,
      getPayment: servePayments,
      requestRefund: servePayments,
      getBalance: servePayments,
      topUpAccount: servePayments,
      receiveStripeWebhook: receiveWebhooks,
      receivePayPayWebhook: receiveWebhooks,
    };
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private function(id: string, name: string, environment: Readonly<Record<string, string>>, timeout?: Duration) {
    const time = timeout === undefined ? {} : { timeout };
    return new ServiceFunction(this, id, { ...this.common(), handler: `payment/${name}`, environment, ...time });
  }

  private allowInvoke(handler: ServiceFunction, ...targets: readonly ServiceFunction[]): void {
    const resourceArns = targets.map(({ functionArn }) => functionArn);
    Grant.addToPrincipal({ grantee: handler, actions: ['lambda:InvokeFunction'], resourceArns });
  }

  /** Lets `handler` call providers and store the results. */
  private allowProviderCalls(handler: ServiceFunction): void {
    this.tables.allowChange(handler);
    this.keys.details.allowRead(handler);
    this.allowInvoke(handler, this.answerProviderRequest);
  }

  private providerEnvironment(): EnvFor<typeof pollPaymentsEnv> {
    return {
      SEAL_SECRET_ARN: this.keys.details.secretArn,
      PAYMENTS_TABLE: this.tables.payments.tableName,
      ACCOUNTS_TABLE: this.tables.accounts.tableName,
      PROVIDERS_FUNCTION: this.answerProviderRequest.functionName,
    };
  }

  private requestFunction(): ServiceFunction {
    const environment: EnvFor<typeof requestPaymentsEnv> = {
      ...this.providerEnvironment(),
      DEAD_LETTER_QUEUE_URL: this.props.messaging.deadLetterQueue.queueUrl,
    };
    const timeout = Duration.seconds(20); // each of its requests may take five
    const request = this.function('RequestPayments', 'request-payments', environment, timeout);
    this.allowProviderCalls(request);
    return request;
  }

  private pollFunction(): ServiceFunction {
    const poll = this.function('PollPayments', 'poll-payments', this.providerEnvironment(), Duration.seconds(55));
    this.allowProviderCalls(poll);
    this.tables.payments.allowQuery(poll, 'byDueAt');
    runEveryMinute(poll);
    return poll;
  }

  private serveFunction(): ServiceFunction {
    const { middleware, describeOrder, describeUser } = this.props;
    const environment: EnvFor<typeof servePaymentsEnv> = {
      ...this.providerEnvironment(),
      ORDER_FUNCTION: describeOrder.functionName,
      USER_FUNCTION: describeUser.functionName,
    };
    const serve = new ServiceFunction(this, 'ServePayments', {
      ...this.common(),
      handler: 'payment/serve-payments',
      environment,
      middleware,
    });
    middleware.allowCursors(serve);
    this.keys.details.allowRead(serve);
    this.tables.allowRoutes(serve);
    this.allowInvoke(serve, describeOrder, describeUser, this.answerProviderRequest);
    return serve;
  }

  private describePaymentFunction(): ServiceFunction {
    const environment: EnvFor<typeof describePaymentEnv> = { PAYMENTS_TABLE: this.tables.payments.tableName };
    const describe = this.function('TellOrder', 'describe-payment', environment);
    this.tables.payments.allow(describe, 'dynamodb:GetItem');
    return describe;
  }

  private webhookFunction(): ServiceFunction {
    const environment: EnvFor<typeof receiveWebhooksEnv> = {
      PAYMENTS_TABLE: this.tables.payments.tableName,
      PROVIDER_KEYS_ARN: this.keys.providers.secretArn,
      SEAL_SECRET_ARN: this.keys.details.secretArn,
    };
    const receive = this.function('ReceiveWebhooks', 'receive-webhooks', environment);
    this.keys.providers.allowRead(receive);
    this.keys.details.allowRead(receive);
    this.tables.payments.allow(receive, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    this.tables.payments.allowQuery(receive, 'byTenant'); // whether a tenant has payments here
    this.props.middleware.allowCounting(receive);
    return receive;
  }
}
