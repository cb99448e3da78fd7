import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CommandError } from '../lib/command';
import { type AwsStage, stackNameOf } from '../lib/system/stage';
import type { Named, PlannedStack } from './assembly';
import type { AwsAccess } from './aws-access';
import {
  type AccountLimits,
  apiLogRole,
  bootstrapVersion,
  concurrencyOf,
  existingOf,
  identitiesOf,
  mailsADay,
  namesOfStack,
  type StackFact,
  stackFact,
} from './questions';
import { conditionOf } from './stack-state';

/** What AWS said, or why it did not: a permission that is missing must not stop who only wants to deploy. */
export type Answer<Value> = { readonly known: Value } | { readonly unknown: string };

/** Who deploys, and where to. */
export type Caller = { readonly account: string; readonly arn: string };

/** All that a deployment depends on, as it is now. */
export type Facts = Caller & {
  readonly stage: AwsStage;
  readonly region: string;
  /** The sender of customers' mails. */
  readonly sender?: string | undefined;
  readonly planned: readonly PlannedStack[];
  /** The planned stacks as they are deployed now, in the same order. */
  readonly stacks: readonly StackFact[];
  /** `OrderSystemStack`, as it was called on AWS before each stage had a stack of its own. */
  readonly former?: StackFact | undefined;
  /** The version of CDK's bootstrap, `undefined` where there is none. */
  readonly bootstrap: Answer<number | undefined>;
  /** How far each identity is verified that could stand for the sender. */
  readonly identities: Answer<Readonly<Record<string, string>>>;
  readonly mailsADay: Answer<number>;
  readonly concurrency: Answer<AccountLimits>;
  readonly apiLogRole: Answer<string | undefined>;
  /** What has a name already that a first deployment would give. */
  readonly leftovers: Answer<readonly Named[]>;
};

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

const answer = async <Value>(ask: () => Promise<Value>): Promise<Answer<Value>> => {
  try {
    return { known: await ask() };
  } catch (error) {
    return { unknown: reasonOf(error).split('\n')[0] ?? '' };
  }
};

const signInAgain =
  'Sign in (aws sso login, aws configure) or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';

const emulatorAccount = '000000000000';

/** Returns who deploys. Throws when the credentials are missing, wrong or expired. */
export const whoAmI = async (access: AwsAccess): Promise<Caller> => {
  try {
    const { Account = '', Arn = '' } = await new STSClient(access).send(new GetCallerIdentityCommand({}));
    if (Account !== emulatorAccount) return { account: Account, arn: Arn };
  } catch (error) {
    throw new CommandError(`AWS does not know who you are (${reasonOf(error)}). ${signInAgain}`);
  }
  throw new CommandError(
    `${emulatorAccount} is no AWS account: the profile leads to an emulator. To a local AWS deploy by "npm start".`,
  );
};

/** The address itself and the domains that it belongs to: each of them, verified, lets SES send for it. */
export const identitiesFor = (address: string): string[] => {
  const labels = address.slice(address.indexOf('@') + 1).split('.');
  const domains = labels.map((_, at) => labels.slice(at).join('.')).filter((domain) => domain.includes('.'));
  return [address, ...domains];
};

const isNew = ({ status }: StackFact) => ['absent', 'failed-first'].includes(conditionOf(status));

/** Returns the names that the deployment gives and that no deployed stack of it has: also those that an update adds. */
const newNames = async (access: AwsAccess, planned: readonly PlannedStack[], stacks: readonly StackFact[]) => {
  const own = await Promise.all(
    stacks.map((stack) => (isNew(stack) ? new Set<string>() : namesOfStack(access, stack.name))),
  );
  return planned.flatMap(({ named }, at) => named.filter(({ name }) => !own[at]?.has(name)));
};

/** What is to be deployed, where, and by whom. */
export type Intent = Caller & {
  readonly stage: AwsStage;
  readonly sender?: string | undefined;
  readonly planned: readonly PlannedStack[];
};

/** Asks AWS for all that a deployment depends on. Changes nothing. */
export const askAws = async (access: AwsAccess, intent: Intent): Promise<Facts> => {
  const { planned, sender } = intent;
  const stacks = await Promise.all(planned.map(({ stackName }) => stackFact(access, stackName)));
  const formerName = stackNameOf('local');
  const former = planned.some(({ stackName }) => stackName === formerName)
    ? undefined
    : await stackFact(access, formerName);
  const [bootstrap, identities, quota, concurrency, role, leftovers] = await Promise.all([
    answer(() => bootstrapVersion(access)),
    answer(() => (sender === undefined ? Promise.resolve({}) : identitiesOf(access, identitiesFor(sender)))),
    answer(() => mailsADay(access)),
    answer(() => concurrencyOf(access)),
    answer(() => apiLogRole(access)),
    answer(async () => existingOf(access, await newNames(access, planned, stacks))),
  ]);
  const { region } = access;
  const isThere = former !== undefined && conditionOf(former.status) !== 'absent';
  const asked = { bootstrap, identities, mailsADay: quota, concurrency, apiLogRole: role, leftovers };
  return { ...intent, region, stacks, ...(isThere ? { former } : {}), ...asked };
};
