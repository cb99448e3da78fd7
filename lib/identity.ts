import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { authorizeEnv } from '../lambda/identity/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { StageConfig } from './config';
import { ServiceFunction } from './constructs/service-function';
import { ServiceTable } from './constructs/service-table';
import type { Messaging } from './messaging';

export interface IdentityServiceProps {
  readonly config: StageConfig;
  readonly messaging: Messaging;
  readonly encryptionKey?: IKey | undefined;
}

/** Knows the tenants with their storefront keys and the users, and tells who calls. */
export class IdentityService extends Construct {
  readonly tenants: ServiceTable;
  readonly authorizer: ServiceFunction;

  constructor(scope: Construct, id: string, { config, encryptionKey }: IdentityServiceProps) {
    super(scope, id);
    const common = { config, encryptionKey };
    this.tenants = new ServiceTable(this, 'Tenants', {
      ...common,
      tableName: 'tenants',
      partitionKey: { name: 'tenantId', type: AttributeType.STRING },
      relayed: true,
    });
    const environment: EnvFor<typeof authorizeEnv> = { TENANTS_TABLE: this.tenants.tableName };
    this.authorizer = new ServiceFunction(this, 'Authorize', {
      ...common,
      handler: 'identity/authorize',
      environment,
    });
    this.tenants.allow(this.authorizer, 'dynamodb:GetItem');
  }
}
