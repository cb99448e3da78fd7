import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { serveSignInEnv, serveTenantsEnv, serveUsersEnv } from '../lambda/identity/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { Accounts } from './accounts';
import type { RouteHandlers } from './api-routes';
import type { StageConfig } from './config';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import type { ServiceTable } from './constructs/service-table';
import { StreamRelay } from './constructs/stream-relay';
import type { SubjectKeys } from './constructs/subject-keys';
import type { IdentityService } from './identity';
import type { Messaging } from './messaging';

interface IdentityRoutesProps {
  readonly config: StageConfig;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  readonly users: ServiceTable;
  readonly tenants: ServiceTable;
  readonly accounts: Accounts | undefined;
  readonly encryptionKey?: IKey | undefined;
}

/** The functions of the routes of signing in, users and tenants. */
class IdentityRoutes extends Construct {
  private readonly serveSignIn: ServiceFunction;
  private readonly serveUsers: ServiceFunction;
  private readonly serveTenants: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: IdentityRoutesProps,
  ) {
    super(scope, id);
    this.serveSignIn = this.signInFunction();
    this.serveUsers = this.usersFunction();
    this.serveTenants = this.tenantsFunction();
  }

  /** The function of each route. */
  get handlers() {
    const { serveSignIn, serveUsers, serveTenants } = this;
    return {
      signUp: serveSignIn,
      confirmSignUp: serveSignIn,
      logIn: serveSignIn,
      setUpTotp: serveSignIn,
      confirmTotp: serveSignIn,
      refreshTokens: serveSignIn,
      forgotPassword: serveSignIn,
      resetPassword: serveSignIn,
      logOut: serveSignIn,
      getMe: serveUsers,
      updateMe: serveUsers,
      createUser: serveUsers,
      listUsers: serveUsers,
      getUser: serveUsers,
      updateUser: serveUsers,
      createTenant: serveTenants,
      listTenants: serveTenants,
      getTenant: serveTenants,
      updateTenant: serveTenants,
      createStorefrontKey: serveTenants,
      deleteStorefrontKey: serveTenants,
    } satisfies RouteHandlers;
  }

  private signInFunction(): ServiceFunction {
    const environment: EnvFor<typeof serveSignInEnv> = {
      USERS_TABLE: this.props.users.tableName,
      USER_POOL_ID: this.props.accounts?.pool.userPoolId ?? '',
      CLIENT_ID: this.props.accounts?.client.userPoolClientId ?? '',
      TOTP_REQUIRED: String(this.props.config.totpRequired),
    };
    const signIn = this.routesFunction('ServeSignIn', 'identity/serve-sign-in', environment);
    this.props.users.allowForTenant(signIn, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.props.subjectKeys.allowSealForTenant(signIn);
    this.props.accounts?.allow(
      signIn,
      'cognito-idp:AdminAddUserToGroup',
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminSetUserPassword',
      'cognito-idp:AdminUpdateUserAttributes',
      'cognito-idp:AdminUserGlobalSignOut',
      'cognito-idp:DescribeUserPoolClient',
    );
    return signIn;
  }

  private usersFunction(): ServiceFunction {
    const environment: EnvFor<typeof serveUsersEnv> = {
      USERS_TABLE: this.props.users.tableName,
      USER_POOL_ID: this.props.accounts?.pool.userPoolId ?? '',
    };
    const users = this.routesFunction('ServeUsers', 'identity/serve-users', environment);
    this.props.users.allowForTenant(users, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    this.props.users.allowQueryForTenant(users, 'byTenant');
    this.props.subjectKeys.allowSealForTenant(users);
    this.props.middleware.allowCursors(users);
    this.allowInvitations(users);
    this.props.accounts?.allow(
      users,
      'cognito-idp:AdminDeleteUser',
      'cognito-idp:AdminDisableUser',
      'cognito-idp:AdminEnableUser',
      'cognito-idp:AdminRemoveUserFromGroup',
      'cognito-idp:AdminSetUserMFAPreference',
    );
    return users;
  }

  private tenantsFunction(): ServiceFunction {
    const environment: EnvFor<typeof serveTenantsEnv> = {
      TENANTS_TABLE: this.props.tenants.tableName,
      USER_POOL_ID: this.props.accounts?.pool.userPoolId ?? '',
    };
    const tenants = this.routesFunction('ServeTenants', 'identity/serve-tenants', environment);
    this.props.tenants.allow(tenants, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    this.props.tenants.allowQuery(tenants, 'byName');
    this.props.middleware.allowCursors(tenants);
    this.allowInvitations(tenants);
    return tenants;
  }

  private allowInvitations(handler: ServiceFunction): void {
    this.props.accounts?.allow(
      handler,
      'cognito-idp:AdminAddUserToGroup',
      'cognito-idp:AdminCreateUser',
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminResetUserPassword',
      'cognito-idp:AdminSetUserPassword',
      'cognito-idp:AdminUpdateUserAttributes',
    );
  }

  private routesFunction(id: string, handler: `${string}/${string}`, environment: Record<string, string>) {
    const { config, encryptionKey, middleware } = this.props;
    return new ServiceFunction(this, id, { config, encryptionKey, middleware, handler, environment });
  }
}

export interface PeopleProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  readonly encryptionKey?: IKey | undefined;
}

/** Adds sign-in, users and tenants, and the relays of their events. Returns the function of each route. */
export const addPeople = (identity: IdentityService, props: PeopleProps): RouteHandlers => {
  const { config, messaging, encryptionKey } = props;
  const { users, tenants, accounts } = identity;
  new StreamRelay(identity, 'UserRelay', {
    config,
    encryptionKey,
    handler: 'identity/relay-user-events',
    table: users,
    topic: messaging.userEvents,
    deadLetterQueueName: 'user-relay-dlq',
  });
  new StreamRelay(identity, 'TenantRelay', {
    config,
    encryptionKey,
    handler: 'identity/relay-tenant-events',
    table: tenants,
    topic: messaging.tenantEvents,
    deadLetterQueueName: 'tenant-relay-dlq',
  });
  return new IdentityRoutes(identity, 'Routes', { ...props, users, tenants, accounts }).handlers;
};
