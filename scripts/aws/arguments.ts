import { Email } from '../../lambda/contracts/values/email';
import { misnamed } from '../../lib/settings';

import { type Arguments, UsageError } from '../lib/command';
import { type AwsStage, readStage } from '../lib/system/stage';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** The flags that stand for a context value of the apps. */
export const contextFlags = {
  sender: 'senderEmail',
  alarms: 'alarmEmail',
  cors: 'corsOrigins',
  live: 'live',
  auth: 'auth',
  issuer: 'issuer',
  audience: 'audience',
  'jwks-uri': 'jwksUri',
  'tenant-claim': 'tenantClaim',
  'roles-claim': 'rolesClaim',
  'stripe-url': 'stripeUrl',
  'paypay-url': 'paypayUrl',
  'return-url': 'returnUrl',
} as const;
type ContextFlag = keyof typeof contextFlags;
const contextFlagNames = Object.keys(contextFlags) as ContextFlag[];

export const options = {
  stage: text,
  ...{ sender: text, alarms: text, cors: text, live: text, auth: text, issuer: text, audience: text },
  ...{ 'jwks-uri': text, 'tenant-claim': text, 'roles-claim': text, 'stripe-url': text, 'paypay-url': text },
  'return-url': text,
  ...{ region: text, check: flag, 'dry-run': flag, yes: flag },
} as const;
type Values = Arguments<typeof options>['values'];

/** So many `name=value` are read. */
export const maxWords = 30;

/** Context values by name, as `-c name=value` gives them. */
export type Context = Readonly<Record<string, string>>;

/** What is to be deployed. */
export type Deployment = {
  readonly stage: AwsStage;
  readonly context: Context;
  readonly region?: string | undefined;
  /** Whether to look only. */
  readonly check: boolean;
  readonly yes: boolean;
};

const ours = ['stage', 'deletionProtection']; // decided by the command, not by who types it

const refuse = (problem: string): never => {
  throw new UsageError(`${problem}${problem.endsWith('?') ? '' : '.'} See --help.`);
};

const wordContext = (words: readonly string[]): Context => {
  const entries = words.map((word): [string, string] => {
    const [, name = '', value = ''] = /^([A-Za-z][\w:/-]*)=(.+)$/.exec(word) ?? [];
    if (name === '') return refuse(`"${word}": must be a context value, name=value`);
    if (ours.includes(name)) return refuse(`"${word}": ${name === 'stage' ? 'say --stage' : 'is set by itself'}`);
    const problem = misnamed(name);
    return problem === undefined ? [name, value] : refuse(`"${word}": ${problem}`);
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return twice === undefined ? Object.fromEntries(entries) : refuse(`${twice}: may be given only once`);
};

const flagContext = (values: Values): Context =>
  Object.fromEntries(
    contextFlagNames.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[contextFlags[name], value]];
    }),
  );

const checkRegion = (region: string | undefined): void => {
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region))
    refuse(`--region "${region}": is not a region, such as ap-northeast-1`);
};

const addressFlags = ['sender', 'alarms'] as const;

/** Names everything that is missing at once, so that a command line is corrected once. */
const checkAddresses = (stage: AwsStage, context: Context): void => {
  const missing = stage === 'prod' ? addressFlags.filter((name) => context[contextFlags[name]] === undefined) : [];
  if (missing.length > 0) {
    const wanted = { sender: 'the sender of customers’ mails', alarms: 'who is told about alarms' };
    const each = missing.map((name) => `--${name} ADDRESS (${wanted[name]})`);
    refuse(`stage prod needs ${each.join(' and ')}`);
  }
  for (const name of addressFlags) {
    const address = context[contextFlags[name]];
    if (address !== undefined && !Email.safeParse(address).success)
      refuse(`--${name} "${address}": must be an e-mail address`);
  }
};

/**
 * Returns what a command line asks to deploy; `known` is the context that cdk.json has anyway.
 * Throws an error that names the wrong or missing flag.
 */
export const readDeployment = (values: Values, words: readonly string[], known: Context = {}): Deployment => {
  if (values.stage === undefined) return refuse('--stage: must be given, dev or prod');
  const stage = readStage(values.stage);
  checkRegion(values.region);
  const [byFlag, byWord] = [flagContext(values), wordContext(words)];
  const twice = Object.keys(byWord).find((name) => name in byFlag);
  if (twice !== undefined) refuse(`${twice}: is given as a flag and as ${twice}=${byWord[twice]}`);
  const context = { ...byFlag, ...byWord };
  checkAddresses(stage, { ...known, ...context });
  return {
    stage,
    context,
    region: values.region,
    check: values.check === true || values['dry-run'] === true,
    yes: values.yes === true,
  };
};
