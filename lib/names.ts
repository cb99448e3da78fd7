export const stageNames = ['local', 'dev', 'prod'] as const;
export type StageName = (typeof stageNames)[number];

/**
 * Returns the physical name of a resource in a stage: the plain one (`orders`) locally and in prod, `dev-orders` elsewhere,
 * so that two stages fit into one account and region.
 */
export const nameIn = (stage: StageName, name: string): string =>
  stage === 'local' || stage === 'prod' ? name : `${stage}-${name}`;

/** Returns the namespace of the metrics that functions of a stage write. */
export const metricsNamespace = (stage: StageName): string =>
  stage === 'local' || stage === 'prod' ? 'OrderSystem' : `OrderSystem/${stage}`;

/** Returns the name that a stack is deployed under. On AWS the stage is part of it: none takes the place of another. */
export const stackNameOf = (stage: StageName, id: string): string => (stage === 'local' ? id : `${id}-${stage}`);
