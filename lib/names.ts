/** The stages that can be deployed. */
export const stageNames = ['local', 'dev', 'prod'] as const;
export type StageName = (typeof stageNames)[number];

/** The topics of the order system, one per publishing service. */
export const topicNames = [
  'order-events',
  'inventory-events',
  'payment-events',
  'catalog-events',
  'tenant-events',
  'user-events',
  'return-events',
  'alert-events',
] as const;
export type TopicName = (typeof topicNames)[number];

/** The dead-letter queue of all consumers of the order system. */
export const deadLetterQueueName = 'order-processing-dlq';

/** The topic of the order system's alarms. It exists when `alarmEmail` is set. */
export const alarmTopicName = 'operations-alarms';

/** The aliases of the order system's keys, in stages with their own keys. */
export const keyAliases = { data: 'order-system-data', topics: 'order-system-topics' } as const;

/** Returns a resource's name in a stage: plain in `local` and `prod`, `dev-order-events` in `dev`. */
export const nameIn = (stage: StageName, name: string): string =>
  stage === 'local' || stage === 'prod' ? name : `${stage}-${name}`;

/** Returns the name of a key's alias in a stage: `alias/order-system-data`. */
export const aliasIn = (stage: StageName, name: string): string => `alias/${nameIn(stage, name)}`;

/** Returns the namespace of the metrics that functions of a stage write. */
export const metricsNamespace = (stage: StageName): string =>
  stage === 'local' || stage === 'prod' ? 'OrderSystem' : `OrderSystem/${stage}`;

/** Returns a stack's name in a stage: `StorefrontStack` in `local`, `StorefrontStack-prod` in `prod`. */
export const stackNameOf = (stage: StageName, stack: string): string =>
  stage === 'local' ? stack : `${stack}-${stage}`;

/** The names of `-c name=value`, as docs/guides/configuration.md explains them; `build` names what is deployed. */
export const contextNames = [
  ...['stage', 'senderEmail', 'alarmEmail', 'corsOrigins', 'live', 'services', 'senderIdentity'],
  ...['deletionProtection', 'reservedConcurrency', 'stripeUrl', 'paypayUrl', 'returnUrl'],
  ...['auth', 'issuer', 'audience', 'jwksUri', 'tenantClaim', 'rolesClaim', 'build'],
] as const;

const known: ReadonlySet<string> = new Set(contextNames);

/** Returns what is wrong with a context name, or undefined. Those of the CDK have a colon, a slash or a hyphen. */
export const contextNameFault = (name: string): string | undefined => {
  if (known.has(name) || !/^\w*$/.test(name)) return undefined;
  const meant = contextNames.find((one) => one.toLowerCase() === name.toLowerCase());
  const there = meant === undefined ? `there are ${contextNames.join(', ')}` : `did you mean ${meant}?`;
  return `there is no such setting; ${there}`;
};
