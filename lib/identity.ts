import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { authorizeEnv, describeUserEnv, eraseUserEnv } from '../lambda/identity/env';
import type { EnvFor } from '../lambda/kernel/env';
import { Accounts } from './accounts';
import type { StageConfig } from './config';
import type { RequestMiddleware } from './constructs/request-middleware';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { SubjectKeys } from './constructs/subject-keys';
import { trustIn } from './trust';

export interface IdentityServiceProps {
  readonly config: StageConfig;
  readonly middleware: RequestMiddleware;
  readonly subjectKeys: SubjectKeys;
  readonly encryptionKey?: IKey | undefined;
}

const string = AttributeType.STRING;

/** Keeps users, tenants and storefront keys, signs people in, and identifies callers. */
export class IdentityService extends Construct {
  readonly users: ServiceTable;
  readonly tenants: ServiceTable;
  /** Missing when an external provider keeps the accounts, or there are none. */
  readonly accounts: Accounts | undefined;
  readonly authorizer: ServiceFunction;
  private ownDescribeUser: ServiceFunction | undefined;
  private ownEraseUser: ServiceFunction | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: IdentityServiceProps,
  ) {
    super(scope, id);
    const { config } = props;
    this.users = this.usersTable();
    this.tenants = this.tenantsTable();
    this.accounts = config.auth.kind === 'cognito' ? new Accounts(this, 'Accounts', { config }) : undefined;
    this.authorizer = this.authorizeFunction();
  }

  /** The query handler for other services: whether a tenant has a user. */
  get describeUser(): ServiceFunction {
    this.ownDescribeUser ??= this.describeUserFunction();
    return this.ownDescribeUser;
  }

  /** The function that deletes the account and the profile of a user for the privacy service. */
  get eraseUser(): ServiceFunction {
    this.ownEraseUser ??= this.eraseUserFunction();
    return this.ownEraseUser;
  }

  private common() {
    const { config, encryptionKey } = this.props;
    return { config, encryptionKey };
  }

  private usersTable(): ServiceTable {
    const users = new ServiceTable(this, 'Users', {
      ...this.common(),
      tableName: 'users',
      partitionKey: { name: 'userId', type: string },
      relayed: true,
    });
    users.addGlobalSecondaryIndex({
      indexName: 'byTenant',
      partitionKey: { name: 'tenant', type: string },
      sortKey: { name: 'createdAt', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return users;
  }

  private tenantsTable(): ServiceTable {
    const tenants = new ServiceTable(this, 'Tenants', {
      ...this.common(),
      tableName: 'tenants',
      partitionKey: { name: 'tenantId', type: string },
      relayed: true,
    });
    tenants.addGlobalSecondaryIndex({
      indexName: 'byName',
      partitionKey: { name: 'kind', type: string },
      sortKey: { name: 'tenantId', type: string },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return tenants;
  }

  private describeUserFunction(): ServiceFunction {
    const environment: EnvFor<typeof describeUserEnv> = { USERS_TABLE: this.users.tableName };
    const describe = new ServiceFunction(this, 'DescribeUser', {
      ...this.common(),
      handler: 'identity/describe-user',
      environment,
    });
    this.users.allow(describe, 'dynamodb:GetItem');
    return describe;
  }

  private eraseUserFunction(): ServiceFunction {
    const environment: EnvFor<typeof eraseUserEnv> = {
      USERS_TABLE: this.users.tableName,
      USER_POOL_ID: this.accounts?.pool.userPoolId ?? '',
    };
    const erase = new ServiceFunction(this, 'EraseUser', {
      ...this.common(),
      handler: 'identity/erase-user',
      environment,
    });
    this.users.allow(erase, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.accounts?.allow(erase, 'cognito-idp:AdminDeleteUser');
    this.props.subjectKeys.allowOpen(erase); // the account is named by the sealed address
    return erase;
  }

  private authorizeFunction(): ServiceFunction {
    const environment: EnvFor<typeof authorizeEnv> = {
      USERS_TABLE: this.users.tableName,
      TENANTS_TABLE: this.tenants.tableName,
      ...trustIn(this.props.config, this.accounts),
    };
    const authorize = new ServiceFunction(this, 'Authorize', {
      ...this.common(),
      handler: 'identity/authorize',
      environment,
    });
    this.users.allow(authorize, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.tenants.allow(authorize, 'dynamodb:GetItem');
    this.props.middleware.allowCounting(authorize);
    this.props.subjectKeys.allowSeal(authorize);
    return authorize;
  }
}
