import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Email } from '../lambda/contracts/text';
import { type Auth, type GivenAuth, readAuth } from './auth';
import type { Gathering } from './constructs/queue-consumer';
import {
  type GivenProviders,
  type ProviderAccess,
  readProviders,
  realProviders,
  simulatedProviders,
} from './provider-access';

const stageNames = ['local', 'dev', 'prod'] as const;
type StageName = (typeof stageNames)[number];

/** What differs between stages. */
export type StageConfig = {
  readonly stage: StageName;
  /** Whether tables, logs and keys outlive the stack, with point-in-time recovery and deletion protection. */
  readonly keepData: boolean;
  /** Whether data at rest is encrypted with the stack's own keys instead of ones that AWS owns. */
  readonly ownKeys: boolean;
  /** Whether a web application firewall stands before the API. */
  readonly firewall: boolean;
  readonly logRetentionDays: 7 | 30 | 365;
  /** How long a consumer may take for one batch. SQS hides a message six times as long. */
  readonly consumerTimeout: Duration;
  /** How long an order waits for the inventory's answer before its event is published again. */
  readonly answerPatience: Duration;
  /** How long a backordered order waits for a restock before it is cancelled. */
  readonly backorderPatience: Duration;
  /** How long an order with reserved stock waits for its payment before it is cancelled. */
  readonly paymentPatience: Duration;
  /** How long an order that is undone may wait for its refund, and any order for a service, until somebody is alerted. */
  readonly alertPatience: { readonly refund: Duration; readonly stuck: Duration };
  /** For how long after its delivery goods of an order may be given back, in whole days. */
  readonly returnWindow: Duration;
  /** How events are gathered before they are archived, how long that may take, and how long they are kept. */
  readonly archive: {
    readonly gathering: Gathering;
    readonly timeout: Duration;
    readonly retention: Duration;
  };
  /** How the payment providers are reached. */
  readonly providers: ProviderAccess;
  /** Who keeps the accounts and signs the tokens. */
  readonly auth: Auth;
  /** Whether there is a WebSocket API that tells clients what happens to orders. */
  readonly live: boolean;
  /** The sender of customers' e-mails. On AWS, SES must have verified it. */
  readonly senderEmail: string;
  /** Origins whose pages may call the API, `*` for all. */
  readonly corsOrigins: readonly string[];
  /** Who is told about alarms. @default nobody */
  readonly alarmEmail?: string | undefined;
};

const dev = {
  stage: 'dev',
  keepData: false,
  ownKeys: false,
  firewall: true,
  logRetentionDays: 30,
  consumerTimeout: Duration.seconds(10),
  answerPatience: Duration.minutes(3), // three tries, of a minute each
  backorderPatience: Duration.days(3),
  paymentPatience: Duration.minutes(30),
  alertPatience: { refund: Duration.minutes(15), stuck: Duration.minutes(15) },
  returnWindow: Duration.days(30),
  archive: {
    gathering: { batchSize: 2000, window: Duration.seconds(60) },
    timeout: Duration.seconds(30),
    retention: Duration.days(30),
  },
  providers: realProviders,
  auth: { kind: 'cognito' },
  live: true,
  senderEmail: 'orders@example.com',
  corsOrigins: [],
} as const satisfies StageConfig;

const stages: Readonly<Record<StageName, StageConfig>> = {
  // three tries take seconds instead of minutes
  local: {
    ...dev,
    stage: 'local',
    firewall: false,
    logRetentionDays: 7,
    consumerTimeout: Duration.seconds(2),
    answerPatience: Duration.seconds(40),
    providers: simulatedProviders,
    alertPatience: { refund: Duration.minutes(1), stuck: Duration.minutes(5) },
    archive: {
      gathering: { batchSize: 10, window: Duration.seconds(0) },
      timeout: Duration.seconds(2),
      retention: Duration.days(7),
    },
  },
  dev,
  prod: {
    ...dev,
    stage: 'prod',
    keepData: true,
    ownKeys: true,
    logRetentionDays: 365,
    archive: { ...dev.archive, retention: Duration.days(400) },
  },
};

/** What `-c name=value` said, unchecked. */
export type GivenContext = GivenAuth &
  GivenProviders & {
    readonly stage: unknown;
    readonly senderEmail?: unknown;
    readonly alarmEmail?: unknown;
    readonly corsOrigins?: unknown;
    readonly live?: unknown;
  };

const stageOf = (stage: unknown): StageConfig => {
  const name = stageNames.find((known) => known === stage);
  if (name === undefined) throw new Error(`-c stage=${stage}: must be one of ${stageNames.join(', ')}`);
  return stages[name];
};

const emailOf = (name: string, given: unknown): string | undefined => {
  if (given === undefined) return undefined;
  const parsed = Email.safeParse(given);
  if (!parsed.success) throw new Error(`-c ${name}=${given}: must be an e-mail address`);
  return parsed.data;
};

const liveOf = (given: unknown): boolean => {
  if (given === undefined || given === 'on') return true;
  if (given === 'off') return false;
  throw new Error(`-c live=${given}: must be on or off`);
};

const isOrigin = (text: string): boolean => text === '*' || (URL.canParse(text) && new URL(text).origin === text);

const originsOf = (given: unknown): readonly string[] => {
  if (given === undefined) return [];
  const origins = String(given).split(',');
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return origins;
  throw new Error(`-c corsOrigins=${given}: "${wrong}" must be an origin such as https://shop.example.com, or *`);
};

/** Settles a stage. Throws an error that says what to type when a value is wrong, or missing where data is kept. */
export const readConfig = (given: GivenContext): StageConfig => {
  const { stage, senderEmail, alarmEmail, corsOrigins, live, stripeUrl, paypayUrl, ...auth } = given;
  const config = stageOf(stage);
  const emails = { senderEmail: emailOf('senderEmail', senderEmail), alarmEmail: emailOf('alarmEmail', alarmEmail) };
  for (const [name, email] of Object.entries(emails)) {
    if (config.keepData && email === undefined)
      throw new Error(`stage ${config.stage} needs an e-mail address: -c ${name}=somebody@your-domain`);
  }
  return {
    ...config,
    auth: readAuth(auth, config.stage),
    providers: readProviders(config, { stripeUrl, paypayUrl }),
    live: liveOf(live),
    senderEmail: emails.senderEmail ?? config.senderEmail,
    alarmEmail: emails.alarmEmail,
    corsOrigins: originsOf(corsOrigins),
  };
};

/** What happens to data when the stack is deleted. */
export const removalPolicy = ({ keepData }: StageConfig): RemovalPolicy =>
  keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
