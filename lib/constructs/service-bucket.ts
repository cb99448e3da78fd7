import { Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { removalPolicy, type StageConfig } from '../config';
import { accept, unguarded } from './accept';

export interface ServiceBucketProps {
  readonly config: StageConfig;
  readonly lifecycleRules: readonly LifecycleRule[];
  /** Whether pages of the configured origins may upload and read by signed URLs. @default true */
  readonly forPages?: boolean;
  /** Whether overwritten and deleted objects stay until a lifecycle rule removes them. @default false */
  readonly versioned?: boolean;
  /** @default a key that S3 owns */
  readonly encryptionKey?: IKey | undefined;
}

type Action = `s3:${string}`;

const privateBucket = (config: StageConfig) => ({
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: removalPolicy(config),
});

/** Returns the bucket for the access logs of all other buckets of a stack. */
const requestLogs = (scope: Construct, config: StageConfig): Bucket => {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild('RequestLogs');
  if (existing instanceof Bucket) return existing;
  return new Bucket(stack, 'RequestLogs', {
    ...privateBucket(config),
    encryption: BucketEncryption.S3_MANAGED, // S3 can write its logs with no other
    lifecycleRules: [{ expiration: Duration.days(config.logRetentionDays) }],
  });
};

/** A bucket of one service: private, encrypted, TLS only, with access logs on AWS. */
export class ServiceBucket extends Bucket {
  private readonly ownKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: ServiceBucketProps) {
    const { config, lifecycleRules, encryptionKey, forPages = true, versioned = false } = props;
    super(scope, id, {
      ...privateBucket(config),
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(encryptionKey === undefined ? {} : { encryptionKey, bucketKeyEnabled: true }),
      ...(config.guarded
        ? { serverAccessLogsBucket: requestLogs(scope, config), serverAccessLogsPrefix: `${scope.node.id}/${id}/` }
        : {}),
      versioned,
      lifecycleRules: [...lifecycleRules],
      cors: forPages && config.corsOrigins.length > 0 ? [corsRule(config.corsOrigins)] : [],
    });
    this.ownKey = encryptionKey;
    if (!config.guarded) accept(this, unguarded, 'AwsSolutions-S1');
  }

  /** Allows `handler` these actions on objects under `prefix`, by the bucket's own policy. */
  allow(handler: IFunction, prefix: string, ...actions: Action[]): void {
    this.allowOn(handler, this.arnForObjects(`${prefix}/*`), actions);
    this.ownKey?.grant(handler, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  /** Allows `handler` to see that an object does not exist; S3 returns 403 instead of 404 otherwise. */
  allowMissing(handler: IFunction): void {
    this.allowOn(handler, this.bucketArn, ['s3:ListBucket']);
  }

  private allowOn(handler: IFunction, resource: string, actions: Action[]): void {
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
