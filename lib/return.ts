import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { OrderEvent } from '../lambda/contracts/events/order-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { findOpenReturnsEnv, noteDeliveryEnv, serveReturnsEnv } from '../lambda/return/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { SubjectKeys } from './constructs/subject-keys';
import type { Messaging } from './messaging';

export interface ReturnServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;

/** The partition key of each list index. The sort key is the time of the request. */
const indexes = { byTenant: 'tenantList', byStatus: 'statusList', byCustomer: 'customerList' } as const;

/** Handles returns of delivered orders. */
export class ReturnService extends Construct {
  readonly returns: ServiceTable;
  readonly serveReturns: ServiceFunction;
  readonly noteDelivery: ServiceFunction;
  /** Answers queries of the privacy service. */
  readonly findOpenReturns: ServiceFunction;
  readonly relay: StreamRelay;
  readonly consumer: QueueConsumer<OrderEvent['type']>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReturnServiceProps,
  ) {
    super(scope, id);
    const { messaging, encryptionKey } = props;
    this.returns = this.returnsTable();
    this.serveReturns = this.serveReturnsFunction();
    this.noteDelivery = this.noteDeliveryFunction();
    this.findOpenReturns = this.findOpenReturnsFunction();
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'return-order-queue',
      topic: messaging.orderEvents,
      eventTypes: ['OrderDelivered.v2'],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.noteDelivery,
      encryptionKey,
    });
    this.relay = new StreamRelay(this, 'Relay', {
      ...this.common(),
      handler: 'return/relay-return-events',
      table: this.returns,
      topic: messaging.returnEvents,
      deadLetterQueueName: 'return-relay-dlq',
    });
  }

  /** The function of each route. */
  get handlers(): RouteHandlers {
    const { serveReturns } = this;
    return {
      requestReturn: serveReturns,
      listReturns: serveReturns,
      getReturn: serveReturns,
      updateReturn: serveReturns,
    };
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private returnsTable(): ServiceTable {
    const returns = new ServiceTable(this, 'Returns', {
      ...this.common(),
      tableName: 'returns',
      partitionKey: { name: 'returnId', type: string },
      relayed: true,
      timeToLiveAttribute: 'expiresAt', // only idempotency claims have it
    });
    for (const [indexName, list] of Object.entries(indexes)) {
      returns.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: list, type: string },
        sortKey: { name: 'requestedAt', type: string },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    return returns;
  }

  private serveReturnsFunction(): ServiceFunction {
    const { config, middleware, subjectKeys } = this.props;
    const environment: EnvFor<typeof serveReturnsEnv> = {
      RETURNS_TABLE: this.returns.tableName,
      RETURN_WINDOW_DAYS: String(config.returnWindow.toDays()),
    };
    const serve = new ServiceFunction(this, 'ServeReturns', {
      ...this.common(),
      handler: 'return/serve-returns',
      environment,
      middleware,
    });
    middleware.allowCursors(serve);
    subjectKeys.allowSealForTenant(serve);
    this.returns.allowForTenant(serve, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    for (const indexName of Object.keys(indexes)) this.returns.allowQueryForTenant(serve, indexName);
    return serve;
  }

  private noteDeliveryFunction(): ServiceFunction {
    const { config, messaging } = this.props;
    const environment: EnvFor<typeof noteDeliveryEnv> = {
      RETURNS_TABLE: this.returns.tableName,
      DEAD_LETTER_QUEUE_URL: messaging.deadLetterQueue.queueUrl,
    };
    const noteDelivery = new ServiceFunction(this, 'NoteDelivery', {
      ...this.common(),
      handler: 'return/note-delivery',
      environment,
      timeout: config.consumerTimeout,
    });
    this.returns.allow(noteDelivery, 'dynamodb:PutItem');
    return noteDelivery;
  }

  private findOpenReturnsFunction(): ServiceFunction {
    const environment: EnvFor<typeof findOpenReturnsEnv> = { RETURNS_TABLE: this.returns.tableName };
    const find = new ServiceFunction(this, 'FindOpenReturns', {
      ...this.common(),
      handler: 'return/find-open-returns',
      environment,
    });
    this.returns.allow(find, 'dynamodb:BatchGetItem');
    return find;
  }
}
