import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Email } from '../lambda/contracts/values/email';
import { type Auth, type GivenAuth, readAuth } from './auth';
import { type StageName, stageNames } from './names';
import {
  type GivenProviders,
  type ProviderAccess,
  readProviders,
  realProviders,
  simulatedProviders,
} from './provider-access';
import { ConfigError } from './settings';

const serviceSets = ['all', 'core'] as const;
type Services = (typeof serviceSets)[number];

/** The maximum number of messages in a batch, and how long to wait for more. */
export type Gathering = { readonly batchSize: number; readonly window: Duration };

/** The settings that differ between stages. */
export type StageConfig = {
  readonly stage: StageName;
  /** Whether tables, logs and keys are retained when the stack is deleted. */
  readonly keepData: boolean;
  /** Whether data at rest is encrypted with the stack's own keys instead of AWS owned keys. */
  readonly ownKeys: boolean;
  /**
   * Whether AWS refuses to delete tables and the user pool. Off by default, so that a first deployment can roll back.
   */
  readonly deletionProtection: boolean;
  /** Whether the functions with the longest requests have reserved concurrency, which also limits them. */
  readonly reservedConcurrency: boolean;
  /** Whether it has a firewall, TLS only, access logs, alarms and a dashboard. A local AWS supports none of them. */
  readonly guarded: boolean;
  /** The processor of the functions; on a local AWS that of the machine. */
  readonly architecture: Architecture;
  readonly logRetentionDays: 7 | 30 | 365;
  /** The timeout of a consumer per batch. The visibility timeout is six times as long. */
  readonly consumerTimeout: Duration;
  /** How long an order waits for the inventory's answer before its event is published again. */
  readonly answerTimeout: Duration;
  /** How long a backordered order waits for a restock before it is cancelled. */
  readonly backorderTimeout: Duration;
  /** How long an order with reserved stock waits for its payment before it is cancelled. */
  readonly paymentTimeout: Duration;
  /**
   * How long an order that is undone may wait for its refund, and any order for a service, until somebody is alerted.
   */
  readonly alertTimeouts: { readonly refund: Duration; readonly stuck: Duration };
  /** For how long after its delivery goods of an order may be given back, in whole days. */
  readonly returnWindow: Duration;
  /** How the archive batches events, its timeout per batch, and how long it keeps them. */
  readonly archive: {
    readonly gathering: Gathering;
    readonly timeout: Duration;
    readonly retention: Duration;
  };
  /** The URLs and keys of the payment providers. */
  readonly providers: ProviderAccess;
  /** All services, or only the fan-out core: API, order, inventory, notification, billing. */
  readonly services: Services;
  /** The identity provider. */
  readonly auth: Auth;
  /** Whether staff and admins need an authenticator app, when the system keeps the accounts. */
  readonly totpRequired: boolean;
  /** Whether there is a WebSocket API that pushes changes of orders to clients. */
  readonly live: boolean;
  /** The sender of customers' e-mails. On AWS, SES must have verified it. */
  readonly senderEmail: string;
  /** The endpoint of a local AWS, for outputs only, not for functions. @default it is AWS itself */
  readonly publicEndpoint?: string | undefined;
  /** How many mails guests' orders may send to one address per shop in 20 minutes. */
  readonly guestMails: number;
  /** The identity that SES has verified: the sender's address or its domain. */
  readonly senderIdentity: string;
  /** Origins whose pages may call the API, `*` for all. */
  readonly corsOrigins: readonly string[];
  /** The address that gets alarms. @default none */
  readonly alarmEmail?: string | undefined;
};

const dev = {
  stage: 'dev',
  keepData: false,
  ownKeys: false,
  deletionProtection: false,
  reservedConcurrency: false,
  guarded: true,
  architecture: Architecture.ARM_64,
  logRetentionDays: 30,
  consumerTimeout: Duration.seconds(10),
  answerTimeout: Duration.minutes(3), // longer than a fault of a minute, with three tries
  backorderTimeout: Duration.days(3),
  paymentTimeout: Duration.minutes(30),
  alertTimeouts: { refund: Duration.minutes(15), stuck: Duration.minutes(15) },
  returnWindow: Duration.days(30),
  archive: {
    gathering: { batchSize: 2000, window: Duration.seconds(60) },
    timeout: Duration.seconds(30),
    retention: Duration.days(30),
  },
  providers: realProviders,
  services: 'all',
  auth: { kind: 'cognito' },
  totpRequired: false,
  live: true,
  senderEmail: 'orders@example.com',
  guestMails: 20,
  senderIdentity: 'orders@example.com',
  corsOrigins: [],
} as const satisfies StageConfig;

const stages: Readonly<Record<StageName, StageConfig>> = {
  local: {
    ...dev,
    stage: 'local',
    guarded: false,
    guestMails: 600, // developers place many orders for one address
    architecture: process.arch === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    logRetentionDays: 7,
    answerTimeout: Duration.seconds(40), // a lost message is detected within a minute
    providers: simulatedProviders,
    alertTimeouts: { refund: Duration.minutes(1), stuck: Duration.minutes(5) },
    archive: {
      ...dev.archive,
      gathering: { batchSize: 10, window: Duration.seconds(0) },
      retention: Duration.days(7),
    },
  },
  dev,
  prod: {
    ...dev,
    stage: 'prod',
    keepData: true,
    ownKeys: true,
    totpRequired: true,
    reservedConcurrency: true,
    logRetentionDays: 365,
    archive: { ...dev.archive, retention: Duration.days(400) },
  },
};

/** The values of `-c name=value`, not yet validated. */
export type GivenContext = GivenAuth &
  GivenProviders & {
    readonly stage: unknown;
    readonly publicEndpoint?: string | undefined;
    readonly senderEmail?: unknown;
    readonly senderIdentity?: unknown;
    readonly alarmEmail?: unknown;
    readonly corsOrigins?: unknown;
    readonly live?: unknown;
    readonly services?: unknown;
    readonly deletionProtection?: unknown;
    readonly reservedConcurrency?: unknown;
  };

const stageOf = (stage: unknown): StageConfig => {
  const name = stageNames.find((known) => known === stage);
  if (name === undefined) throw new ConfigError(`-c stage=${stage}: must be one of ${stageNames.join(', ')}`);
  return stages[name];
};

const servicesOf = (given: unknown): Services => {
  const services = serviceSets.find((known) => known === (given ?? 'all'));
  if (services === undefined) throw new ConfigError(`-c services=${given}: must be one of ${serviceSets.join(', ')}`);
  return services;
};

const emailOf = (name: string, given: unknown): string | undefined => {
  if (given === undefined) return undefined;
  const parsed = Email.safeParse(given);
  if (!parsed.success) throw new ConfigError(`-c ${name}=${given}: must be an e-mail address`);
  return parsed.data;
};

/** Names all addresses that are missing at once, so that a command line is corrected once. */
const requireAll = (stage: StageName, emails: Readonly<Record<string, string | undefined>>): void => {
  const missing = Object.keys(emails).filter((name) => emails[name] === undefined);
  if (missing.length === 0) return;
  const what = missing.length === 1 ? 'an e-mail address' : 'e-mail addresses';
  const typed = missing.map((name) => `-c ${name}=somebody@your-domain`);
  throw new ConfigError(`stage ${stage} needs ${what}: ${typed.join(' ')}`);
};

const switchOf = (name: string, given: unknown, usual: boolean): boolean => {
  if (given === undefined) return usual;
  if (given === 'on' || given === 'off') return given === 'on';
  throw new ConfigError(`-c ${name}=${given}: must be on or off`);
};

const identityOf = (given: unknown, sender: string): string => {
  const domain = sender.slice(sender.lastIndexOf('@') + 1);
  if (given === undefined || given === sender) return sender;
  if (domain === given || (domain.endsWith(`.${given}`) && /\w\.\w/.test(String(given)))) return String(given);
  throw new ConfigError(`-c senderIdentity=${given}: must be ${sender}, or its domain ${domain} or one above it`);
};

const isOrigin = (text: string): boolean => text === '*' || (URL.canParse(text) && new URL(text).origin === text);

const originsOf = (given: unknown): readonly string[] => {
  if (given === undefined) return [];
  const origins = String(given).split(',');
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return origins;
  throw new ConfigError(`-c corsOrigins=${given}: "${wrong}" must be an origin such as https://shop.example.com, or *`);
};

type GivenServices = { readonly services: unknown; readonly live: unknown; readonly auth: GivenAuth };

/** Returns the services with their accounts and live status. The fan-out core has neither: only guests order. */
const withServices = ({ services, live, auth }: GivenServices, { stage, live: usual }: StageConfig) => {
  const chosen = servicesOf(services);
  if (chosen === 'all') return { services: chosen, auth: readAuth(auth, stage), live: switchOf('live', live, usual) };
  if ((auth.auth ?? 'none') !== 'none') throw new ConfigError(`-c auth=${auth.auth}: services=core has no accounts`);
  if ((live ?? 'off') !== 'off') throw new ConfigError(`-c live=${live}: services=core has no live status`);
  return { services: chosen, auth: { kind: 'none' } as const, live: false };
};

/**
 * Returns a stage's settings. Throws when a value is wrong or a required one is missing; the message says what to type.
 */
export const readConfig = (given: GivenContext): StageConfig => {
  const { stage, senderEmail, senderIdentity, alarmEmail, corsOrigins, live, deletionProtection, ...more } = given;
  const { services, publicEndpoint, stripeUrl, paypayUrl, returnUrl, reservedConcurrency, ...auth } = more;
  const config = stageOf(stage);
  const emails = { senderEmail: emailOf('senderEmail', senderEmail), alarmEmail: emailOf('alarmEmail', alarmEmail) };
  if (config.keepData) requireAll(config.stage, emails);
  const sender = emails.senderEmail ?? config.senderEmail;
  return {
    ...config,
    ...withServices({ services, live, auth }, config),
    providers: readProviders(config, { stripeUrl, paypayUrl, returnUrl }),
    deletionProtection: switchOf('deletionProtection', deletionProtection, config.deletionProtection),
    reservedConcurrency: switchOf('reservedConcurrency', reservedConcurrency, config.reservedConcurrency),
    ...(config.stage === 'local' ? { publicEndpoint: publicEndpoint?.replace(/\/+$/, '') } : {}),
    senderEmail: sender,
    senderIdentity: identityOf(senderIdentity, sender),
    alarmEmail: emails.alarmEmail,
    corsOrigins: originsOf(corsOrigins),
  };
};

/**
 * Returns the removal policy of data. A failed creation always deletes it, since leftovers would block the next
 * attempt.
 */
export const removalPolicy = ({ keepData }: StageConfig): RemovalPolicy =>
  keepData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
