import { UsageError } from '../command';

/** The stages that go to AWS. The third, `local`, is whatever a local AWS holds. */
export const awsStages = ['dev', 'prod'] as const;
export type AwsStage = (typeof awsStages)[number];
export type Stage = AwsStage | 'local';

// lib/names.ts has the same rules for what is deployed; test/scripts/stage.test.ts holds one to the other

/** What a stack is called in CloudFormation: `OrderSystemStack` on a local AWS, `OrderSystemStack-prod` on AWS. */
export const stackNameOf = (stage: Stage, id = 'OrderSystemStack'): string =>
  stage === 'local' ? id : `${id}-${stage}`;

/** What a table, queue, topic or secret is called on a stage: dev's begin with `dev-`, all others' are bare. */
export const nameIn = (stage: Stage, name: string): string => (stage === 'dev' ? `dev-${name}` : name);

/** The bare name of what a stage calls `name`. */
export const bareName = (stage: Stage, name: string): string =>
  stage === 'dev' && name.startsWith('dev-') ? name.slice('dev-'.length) : name;

/** Returns the stage that `--stage` names. Throws when it is none of those on AWS. */
export const readStage = (given: string): AwsStage => {
  const stage = awsStages.find((known) => known === given);
  if (stage !== undefined) return stage;
  throw new UsageError(`--stage "${given}": must be one of ${awsStages.join(', ')}. See --help.`);
};
