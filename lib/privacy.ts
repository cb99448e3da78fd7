import { Duration } from 'aws-cdk-lib';
import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Operation } from '../lambda/contracts/api/routes';
import type { PrivacyEvent } from '../lambda/contracts/events/privacy-events';
import type { EnvFor } from '../lambda/kernel/env';
import type { eraseSubjectsEnv, servePrivacyEnv, sweepErasuresEnv } from '../lambda/privacy/env';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import { runEveryMinute } from './constructs/every-minute';
import { QueueConsumer } from './constructs/queue-consumer';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { SubjectKeys } from './constructs/subject-keys';
import type { Messaging } from './messaging';

export interface PrivacyServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  /** Finds the orders of a person. */
  readonly findPersonalOrders: ServiceFunction;
  /** Finds the orders that have an open return. */
  readonly findOpenReturns: ServiceFunction;
  /** The query function for users. */
  readonly describeUser: ServiceFunction;
  /** Deletes the account and the profile of a user. */
  readonly eraseUser: ServiceFunction;
  /** The functions of the operations that an export shows. */
  readonly handlers: RouteHandlers;
  readonly encryptionKey?: IKey | undefined;
}

/** The operations that an export shows. */
const exported = ['getMe', 'listOrders', 'getOrder', 'listReturns', 'listPayments', 'getBalance'] as const;

const string = AttributeType.STRING;

/** An index lags behind its table: an order placed a moment before the request is found after this time. */
const settling = Duration.seconds(10);

/** Erases people, whose keys it destroys, and exports what is held on them. */
export class PrivacyService extends Construct {
  readonly erasures: ServiceTable;
  readonly servePrivacy: ServiceFunction;
  readonly eraseSubjects: ServiceFunction;
  /** Goes on with due erasures every minute. */
  readonly sweep: ServiceFunction;
  readonly consumer: QueueConsumer<PrivacyEvent['type']>;
  readonly relay: StreamRelay;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PrivacyServiceProps,
  ) {
    super(scope, id);
    const { messaging, encryptionKey } = props;
    this.erasures = this.erasuresTable();
    this.servePrivacy = this.serveFunction();
    this.eraseSubjects = this.eraseFunction();
    this.sweep = this.sweepFunction();
    this.consumer = new QueueConsumer(this, 'Consumer', {
      queueName: 'erasure-queue',
      topic: messaging.privacyEvents,
      eventTypes: ['ErasureRequested.v1'],
      deadLetterQueue: messaging.deadLetterQueue,
      handler: this.eraseSubjects,
      deliveryDelay: settling,
      encryptionKey,
    });
    this.relay = new StreamRelay(this, 'Relay', {
      ...this.common(),
      handler: 'privacy/relay-privacy-events',
      table: this.erasures,
      topic: messaging.privacyEvents,
      deadLetterQueueName: 'privacy-relay-dlq',
    });
  }

  /** The function of each route. */
  get routeHandlers(): RouteHandlers {
    const { servePrivacy } = this;
    return { requestErasure: servePrivacy, getErasure: servePrivacy, exportPersonalData: servePrivacy };
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private erasuresTable(): ServiceTable {
    const erasures = new ServiceTable(this, 'Erasures', {
      ...this.common(),
      tableName: 'erasures',
      partitionKey: { name: 'erasureId', type: string },
      relayed: true,
      timeToLiveAttribute: 'expiresAt', // only idempotency claims have it
    });
    erasures.addGlobalSecondaryIndex({
      indexName: 'byDueAt',
      partitionKey: { name: 'dueShard', type: string },
      sortKey: { name: 'dueAt', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return erasures;
  }

  private queries() {
    const { findPersonalOrders, findOpenReturns } = this.props;
    return {
      ERASURES_TABLE: this.erasures.tableName,
      ORDERS_FUNCTION: findPersonalOrders.functionName,
      RETURNS_FUNCTION: findOpenReturns.functionName,
    };
  }

  private allowInvoke(handler: ServiceFunction, ...targets: readonly ServiceFunction[]): void {
    const { findPersonalOrders, findOpenReturns } = this.props;
    const functions = new Set([findPersonalOrders, findOpenReturns, ...targets]);
    const resourceArns = [...functions].map(({ functionArn }) => functionArn);
    Grant.addToPrincipal({ grantee: handler, actions: ['lambda:InvokeFunction'], resourceArns });
  }

  private handlerOf(operation: Operation): ServiceFunction {
    const handler = this.props.handlers[operation];
    if (handler === undefined) throw new Error(`no function handles ${operation}`);
    return handler;
  }

  private exportedFunctions(): Record<string, string[]> {
    const operations: Record<string, string[]> = {};
    for (const operation of exported) {
      const { functionName } = this.handlerOf(operation);
      operations[functionName] = [...(operations[functionName] ?? []), operation];
    }
    return operations;
  }

  private serveFunction(): ServiceFunction {
    const { middleware, describeUser } = this.props;
    const environment: EnvFor<typeof servePrivacyEnv> = {
      ...this.queries(),
      USER_FUNCTION: describeUser.functionName,
      ROUTE_FUNCTIONS: JSON.stringify(this.exportedFunctions()),
    };
    const serve = new ServiceFunction(this, 'ServePrivacy', {
      ...this.common(),
      handler: 'privacy/serve-privacy',
      environment,
      middleware,
    });
    this.erasures.allowForTenant(serve, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.allowInvoke(serve, describeUser, ...exported.map((operation) => this.handlerOf(operation)));
    return serve;
  }

  private erasing(): EnvFor<typeof sweepErasuresEnv> {
    return { ...this.queries(), ERASE_USER_FUNCTION: this.props.eraseUser.functionName };
  }

  private allowErase(handler: ServiceFunction): void {
    const { subjectKeys, eraseUser } = this.props;
    this.erasures.allow(
      handler,
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem', // the row by which the erasure of a person is found
    );
    subjectKeys.allowDestroy(handler);
    this.allowInvoke(handler, eraseUser);
  }

  private eraseFunction(): ServiceFunction {
    const environment: EnvFor<typeof eraseSubjectsEnv> = {
      ...this.erasing(),
      DEAD_LETTER_QUEUE_URL: this.props.messaging.deadLetterQueue.queueUrl,
    };
    const erase = new ServiceFunction(this, 'EraseSubjects', {
      ...this.common(),
      handler: 'privacy/erase-subjects',
      environment,
      timeout: Duration.seconds(55), // a run starts no step after 25
    });
    this.allowErase(erase);
    return erase;
  }

  private sweepFunction(): ServiceFunction {
    const sweep = new ServiceFunction(this, 'SweepErasures', {
      ...this.common(),
      handler: 'privacy/sweep-erasures',
      environment: this.erasing(),
      timeout: Duration.seconds(58), // done before the next one starts
    });
    this.allowErase(sweep);
    this.erasures.allow(sweep, 'dynamodb:UpdateItem');
    this.erasures.allowQuery(sweep, 'byDueAt');
    runEveryMinute(sweep);
    return sweep;
  }
}
