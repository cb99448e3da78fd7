import { Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';
import type { ServiceFunction } from './service-function';

export interface ServiceBucketProps {
  readonly config: StageConfig;
  readonly lifecycleRules: readonly LifecycleRule[];
  /** Whether pages of the configured origins may upload to it and read from it by signed addresses. @default true */
  readonly forPages?: boolean;
  /** Whether what is overwritten or deleted is kept until a lifecycle rule removes it. @default false */
  readonly versioned?: boolean;
  /** @default a key that S3 owns */
  readonly encryptionKey?: IKey | undefined;
}

type Action = `s3:${string}`;

/**
 * A bucket that belongs to one service: private, encrypted, reached over TLS alone, its requests logged in a bucket beside
 * it.
 */
export class ServiceBucket extends Bucket {
  private readonly ownKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: ServiceBucketProps) {
    const { config, lifecycleRules, encryptionKey, forPages = true, versioned = false } = props;
    const common = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: removalPolicy(config),
    };
    const logs = new Bucket(scope, `${id}Logs`, {
      ...common,
      encryption: BucketEncryption.S3_MANAGED, // the only one that S3 can write its logs with
      lifecycleRules: [{ expiration: Duration.days(config.logRetentionDays) }],
    });
    super(scope, id, {
      ...common,
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(encryptionKey === undefined ? {} : { encryptionKey, bucketKeyEnabled: true }),
      serverAccessLogsBucket: logs,
      versioned,
      lifecycleRules: [...lifecycleRules],
      cors: forPages && config.corsOrigins.length > 0 ? [corsRule(config.corsOrigins)] : [],
    });
    this.ownKey = encryptionKey;
  }

  /** Lets `handler` do just these actions on objects under `prefix`. The bucket's own policy says so. */
  allow(handler: ServiceFunction, prefix: string, ...actions: Action[]): void {
    this.allowOn(handler, this.arnForObjects(`${prefix}/*`), actions);
    this.ownKey?.grant(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  /** Lets `handler` learn that an object does not exist: S3 would say that it is forbidden. */
  allowMissing(handler: ServiceFunction): void {
    this.allowOn(handler, this.bucketArn, ['s3:ListBucket']);
  }

  private allowOn(handler: ServiceFunction, resource: string, actions: Action[]): void {
    const principals = [new ArnPrincipal(handler.role?.roleArn ?? Stack.of(this).account)];
    this.addToResourcePolicy(new PolicyStatement({ principals, actions, resources: [resource] }));
  }
}

const corsRule = (allowedOrigins: readonly string[]) => ({
  allowedOrigins: [...allowedOrigins],
  allowedMethods: [HttpMethods.GET, HttpMethods.POST],
  allowedHeaders: ['*'],
  maxAge: 3600,
});
