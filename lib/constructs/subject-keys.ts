import { Duration } from 'aws-cdk-lib';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';
import { keyAliases, nameIn } from '../names';
import type { ServiceFunction } from './service-function';
import { ServiceTable } from './service-table';

export interface SubjectKeysProps {
  readonly config: StageConfig;
  /** @default a key that AWS owns */
  readonly encryptionKey?: IKey | undefined;
}

/** How long a destroyed key can come back from a backup of its table, in days. */
const recoveryDays = 7;

/**
 * The keys under which text about people is sealed: their table, and the master key that only KMS has. A function that
 * seals or opens uses `keyRingOf` of `lambda/kernel/sealing/sealing.ts`.
 */
export class SubjectKeys extends Construct {
  readonly table: ServiceTable;
  private readonly masterKey: Key;

  constructor(scope: Construct, id: string, { config, encryptionKey }: SubjectKeysProps) {
    super(scope, id);
    this.table = new ServiceTable(this, 'Table', {
      config,
      encryptionKey,
      tableName: 'subject-keys',
      partitionKey: { name: 'keyId', type: AttributeType.STRING },
      recoveryDays,
    });
    this.masterKey = new Key(this, 'MasterKey', {
      alias: nameIn(config.stage, keyAliases.subjects),
      description: 'Wraps the keys under which personal data is sealed',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: removalPolicy(config),
    });
  }

  /** Allows `handler` to open sealed text of every tenant. */
  allowOpen(handler: ServiceFunction): void {
    this.allowKeyService(handler, 'kms:Decrypt');
    this.table.allow(handler, 'dynamodb:GetItem');
  }

  /** Allows `handler` to seal text, under new keys too, and to open it. */
  allowSeal(handler: ServiceFunction): void {
    this.allowKeyService(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
    this.table.allow(handler, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** Allows `handler` to open sealed text of one tenant at a time. Its routes must be `tenantRoutes`. */
  allowOpenForTenant(handler: ServiceFunction): void {
    this.allowKeyService(handler, 'kms:Decrypt');
    this.table.allowForTenant(handler, 'dynamodb:GetItem');
  }

  /** Allows `handler` to seal and open text of one tenant at a time. Its routes must be `tenantRoutes`. */
  allowSealForTenant(handler: ServiceFunction): void {
    this.allowKeyService(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
    this.table.allowForTenant(handler, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** Allows `handler` to destroy keys, without opening anything. */
  allowDestroy(handler: ServiceFunction): void {
    handler.addEnvironment('SUBJECT_KEYS_TABLE', this.table.tableName);
    this.table.allow(handler, 'dynamodb:UpdateItem');
  }

  /** Sets the variables of `sealingEnv`. The first function that seals text of a tenant makes the tenant's key. */
  private allowKeyService(handler: ServiceFunction, ...actions: readonly `kms:${string}`[]): void {
    handler.addEnvironment('SUBJECT_KEYS_TABLE', this.table.tableName);
    handler.addEnvironment('MASTER_KEY_ARN', this.masterKey.keyArn);
    Grant.addToPrincipal({
      grantee: handler,
      actions: [...actions],
      resourceArns: [this.masterKey.keyArn],
    });
  }
}
