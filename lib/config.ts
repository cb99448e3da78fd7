import { Duration, RemovalPolicy } from 'aws-cdk-lib';

/** What differs between stages. */
export type StageConfig = {
  readonly stage: 'local' | 'dev' | 'prod';
  /** Whether tables, logs and keys outlive the stack, with point-in-time recovery and deletion protection. */
  readonly keepData: boolean;
  /** Whether data at rest is encrypted with the stack's own key instead of one that AWS owns. */
  readonly ownKey: boolean;
  readonly logRetentionDays: 7 | 30 | 365;
  /** How long a consumer may take for one batch. SQS hides a message six times as long. */
  readonly consumerTimeout: Duration;
  /** How long an order waits for the inventory's answer before its event is published again. */
  readonly answerPatience: Duration;
  /** How long a backordered order waits for a restock before it is cancelled. */
  readonly backorderPatience: Duration;
  /** The sender of customers' e-mails. On AWS, SES must have verified it. */
  readonly senderEmail: string;
  /** Who is told about alarms. @default nobody */
  readonly alarmEmail?: string;
};

const common = { answerPatience: Duration.seconds(60), backorderPatience: Duration.days(3) };

const dev = {
  ...common,
  stage: 'dev',
  keepData: false,
  ownKey: false,
  logRetentionDays: 30,
  consumerTimeout: Duration.seconds(10),
  senderEmail: 'orders@example.com',
} as const satisfies StageConfig;

export const stages: Readonly<Record<StageConfig['stage'], StageConfig>> = {
  // three tries take seconds instead of minutes
  local: { ...dev, stage: 'local', logRetentionDays: 7, consumerTimeout: Duration.seconds(2) },
  dev,
  prod: { ...dev, stage: 'prod', keepData: true, ownKey: true, logRetentionDays: 365 },
};

/** What happens to data when the stack is deleted. */
export const removalPolicy = ({ keepData }: StageConfig): RemovalPolicy =>
  keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
