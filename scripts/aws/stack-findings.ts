import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Named, NamedKind } from './assembly';
import { suffixOf } from './aws-access';
import type { Facts } from './facts';
import type { StackFact } from './questions';
import { conditionOf, type StackCondition } from './stack-state';

/** What was found, and what to do about it. `stop` means that nothing is deployed before it is done. */
export type Finding = {
  readonly level: 'ok' | 'warn' | 'stop';
  readonly what: string;
  readonly todo?: readonly string[];
};

export const ok = (what: string): Finding => ({ level: 'ok', what });
export const warn = (what: string, ...todo: string[]): Finding => ({ level: 'warn', what, todo });
export const stop = (what: string, ...todo: string[]): Finding => ({ level: 'stop', what, todo });

const runbook = 'docs/operations/runbook.md#the-first-deployment-failed';

type Report = (stack: StackFact, region: string) => Finding;

const stuckList = ({ stuck }: StackFact): string => (stuck.length === 0 ? '' : `: ${stuck.join(', ')}`);

const unprotect = ({ name }: StackFact, region: string) =>
  `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name} --region ${region}`;

const reports: Readonly<Record<StackCondition, Report>> = {
  absent: ({ name }) => ok(`${name} is not deployed yet: this is its first deployment`),
  whole: ({ name, status }) => ok(`${name} is deployed (${status}) and is updated`),
  'failed-first': ({ name, status }) =>
    warn(
      `${name} is what a failed first deployment has left (${status}): removed before it is tried again`,
      `why it failed, and what may be left over: ${runbook}`,
    ),
  busy: ({ name, status }, region) =>
    stop(
      `${name} is being changed at this moment (${status})`,
      `wait until it is done: aws cloudformation describe-stacks --stack-name ${name} --region ${region}`,
    ),
  'half-done': (stack, region) =>
    stop(
      `${stack.name} was left half done (${stack.status})${stuckList(stack)}`,
      `take it back first: aws cloudformation rollback-stack --stack-name ${stack.name} --region ${region}`,
    ),
  'stuck-rollback': (stack, region) =>
    stop(
      `${stack.name}: an update failed, and so did taking it back (${stack.status})${stuckList(stack)}`,
      'fix what its events name, then:',
      `aws cloudformation continue-update-rollback --stack-name ${stack.name} --region ${region}`,
    ),
  'stuck-removal': (stack, region) =>
    stop(
      `${stack.name} could not be removed (${stack.status})${stuckList(stack)}`,
      `look at what it names, and remove the rest: ${runbook}`,
      unprotect(stack, region),
      `aws cloudformation delete-stack --stack-name ${stack.name} --region ${region}`,
    ),
};

const otherStage = (stack: StackFact, { stage }: Facts): Finding | undefined => {
  if (stack.stage === undefined || stack.stage === stage || conditionOf(stack.status) === 'absent') return undefined;
  return stop(
    `${stack.name} is stage ${stack.stage}, not ${stage}: another stage is never deployed over it`,
    `update it as what it is: --stage ${stack.stage}`,
  );
};

/** What listens to topics that are gone: its template is unchanged, so no deployment would subscribe it again. */
const orphanFindings = ({ stacks, region }: Facts): Finding[] => {
  const [orderSystem, ...others] = stacks;
  if (orderSystem === undefined || conditionOf(orderSystem.status) !== 'absent') return [];
  return others
    .filter(({ status }) => conditionOf(status) === 'whole')
    .map((stack) =>
      stop(
        `${stack.name} listened to an ${orderSystem.name} that is gone: it would receive nothing of a new one`,
        'remove it first; what it keeps is kept:',
        unprotect(stack, region),
        `aws cloudformation delete-stack --stack-name ${stack.name} --region ${region}`,
      ),
    );
};

/** A stack from before stages had stacks of their own has the names that prod's has now. */
const formerFinding = ({ former, stage, region }: Facts): Finding[] => {
  if (former === undefined || stage !== 'prod') return [];
  return [
    stop(
      `${former.name} (stage ${former.stage ?? 'unknown'}) has the tables and queues that stage prod would create`,
      `a stack that nobody needs: aws cloudformation delete-stack --stack-name ${former.name} --region ${region}`,
      'one with orders in it: docs/deploy.md#moving-a-stack-from-before-stages',
    ),
  ];
};

/** The partition that a region is of, as an ARN in it names it. */
const partitionOf = (region: string): string => RegionInfo.get(region).partition ?? 'aws';

const removals: Readonly<Record<NamedKind, (name: string, facts: Facts) => string>> = {
  table: (name, { region }) => `aws dynamodb delete-table --table-name ${name} --region ${region}`,
  queue: (name, { region, account }) =>
    `aws sqs delete-queue --queue-url https://sqs.${region}.${suffixOf(region)}/${account}/${name} --region ${region}`,
  topic: (name, { region, account }) =>
    `aws sns delete-topic --topic-arn arn:${partitionOf(region)}:sns:${region}:${account}:${name} --region ${region}`,
  secret: (name, { region }) =>
    `aws secretsmanager delete-secret --force-delete-without-recovery --secret-id ${name} --region ${region}`,
};

const counted = (kind: NamedKind, names: readonly string[]) =>
  `${names.length} ${kind}${names.length === 1 ? '' : 's'} (${names.join(', ')})`;

const kinds = ['table', 'queue', 'topic', 'secret'] as const;

const namesOf = (named: readonly Named[], kind: NamedKind) =>
  named.filter((one) => one.kind === kind).map(({ name }) => name);

const leftoverFinding = (facts: Facts): Finding[] => {
  const { leftovers, former } = facts;
  if (former !== undefined) return []; // they are that stack's
  if (!('known' in leftovers)) return [warn(`whether names are taken: could not be asked (${leftovers.unknown})`)];
  const found = kinds.flatMap((kind) => {
    const names = namesOf(leftovers.known, kind);
    return names.length === 0 ? [] : [{ kind, names }];
  });
  if (found.length === 0) return [];
  return [
    stop(
      `names that the stack would give are taken: ${found.map(({ kind, names }) => counted(kind, names)).join('; ')}`,
      `a failed or removed deployment has left them. See what they hold before you remove them: ${runbook}`,
      ...found.flatMap(({ kind, names }) => names.map((name) => removals[kind](name, facts))),
    ),
  ];
};

/** Returns what the stacks that are deployed mean for this deployment. */
export const stackFindings = (facts: Facts): Finding[] => [
  ...facts.stacks.map((stack) => otherStage(stack, facts) ?? reports[conditionOf(stack.status)](stack, facts.region)),
  ...orphanFindings(facts),
  ...formerFinding(facts),
  ...leftoverFinding(facts),
];
