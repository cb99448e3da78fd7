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
  'privacy-events',
] as const;
export type TopicName = (typeof topicNames)[number];

/** The dead-letter queue of all consumers of the order system. */
export const deadLetterQueueName = 'order-processing-dlq';

/** The topic of the order system's alarms. It exists when `alarmEmail` is set. */
export const alarmTopicName = 'operations-alarms';

/** The aliases of the order system's keys. Stages without their own keys have only that of the subjects' keys. */
export const keyAliases = {
  data: 'order-system-data',
  topics: 'order-system-topics',
  subjects: 'order-system-subjects',
} as const;

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
