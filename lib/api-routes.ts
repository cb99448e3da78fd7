import { Duration } from 'aws-cdk-lib';
import {
  AuthorizationType,
  type IAuthorizer,
  IdentitySource,
  LambdaIntegration,
  type MethodOptions,
  RequestAuthorizer,
  type RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { type Operation, routes } from '../lambda/contracts/routes';
import type { ServiceFunction } from './constructs/service-function';

/** Which function answers which route. */
export type RouteHandlers = Readonly<Partial<Record<Operation, ServiceFunction>>>;

export interface ApiRoutesProps {
  readonly api: RestApi;
  readonly authorizer: ServiceFunction;
  readonly handlers: RouteHandlers;
}

/** Routes that API Gateway asks nobody about: they are the same for everybody, or find out by themselves who calls. */
const unasked: readonly Operation[] = ['placeOrder', 'health', 'getOpenApi', 'getDocs', 'getDocsFile'];

/** How long API Gateway may go on with what the authorizer said of a token: a disabled user is out within a minute. */
const verdictTtl = Duration.seconds(30);

/** Every route of the policy table, with its function and the authorizer that its policy needs. */
export class ApiRoutes extends Construct {
  private readonly authorizers = new Map<string, IAuthorizer>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiRoutesProps,
  ) {
    super(scope, id);
    const { api, handlers } = props;
    for (const [operation, handler] of Object.entries(handlers) as [Operation, ServiceFunction][]) {
      const { method, path } = routes[operation];
      const integration = new LambdaIntegration(handler, { scopePermissionToMethod: false });
      api.root.resourceForPath(path).addMethod(method, integration, this.optionsOf(operation));
    }
  }

  private optionsOf(operation: Operation): MethodOptions {
    if (unasked.includes(operation)) return { authorizationType: AuthorizationType.NONE };
    const authorizer = 'guest' in routes[operation].allow ? this.guestAuthorizer() : this.tokenAuthorizer();
    return { authorizationType: AuthorizationType.CUSTOM, authorizer };
  }

  private tokenAuthorizer(): IAuthorizer {
    return this.once('TokenAuthorizer', [IdentitySource.header('Authorization')], verdictTtl);
  }

  /** Whoever sends nothing is a guest, so nothing can be the key of a cache. */
  private guestAuthorizer(): IAuthorizer {
    return this.once('GuestAuthorizer', [], Duration.seconds(0));
  }

  private once(id: string, identitySources: string[], resultsCacheTtl: Duration): IAuthorizer {
    const { authorizer: handler } = this.props;
    const authorizer =
      this.authorizers.get(id) ?? new RequestAuthorizer(this, id, { handler, identitySources, resultsCacheTtl });
    this.authorizers.set(id, authorizer);
    return authorizer;
  }
}
