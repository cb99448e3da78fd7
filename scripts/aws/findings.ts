import type { AwsStage } from '../lib/system/stage';
import type { Context } from './arguments';
import type { Answer, Facts } from './facts';
import { identitiesFor } from './facts';
import { type Finding, ok, stackFindings, stop, warn } from './stack-findings';

/** What follows from an answer of AWS; a query that was refused is a warning, and stops nothing. */
const from = <Value>(answer: Answer<Value>, what: string, evaluate: (value: Value) => Finding[]): Finding[] =>
  'known' in answer ? evaluate(answer.known) : [warn(`${what}: could not be read (${answer.unknown})`)];

const callerFinding = ({ stage, account, region, arn }: Facts): Finding[] => [
  ok(`stage ${stage} in account ${account}, ${region}, as ${arn.replace(/^.*?:\d{12}:/, '')}`),
];

/** The version of the bootstrap that all planned stacks together need. */
const neededBootstrap = ({ planned }: Facts): number => Math.max(0, ...planned.map((stack) => stack.bootstrapVersion));

/** Whether CDK's bootstrap is missing here, or too old. */
export const needsBootstrap = (facts: Facts): boolean =>
  'known' in facts.bootstrap && (facts.bootstrap.known ?? -1) < neededBootstrap(facts);

const bootstrapFinding = (facts: Facts): Finding[] =>
  from(facts.bootstrap, 'whether this region is bootstrapped for CDK', (version) => {
    const { account, region } = facts;
    if (!needsBootstrap(facts)) return [ok(`bootstrapped for CDK (version ${version})`)];
    const found = version === undefined ? 'is not bootstrapped' : `is bootstrapped by an old version (${version})`;
    return [
      warn(
        `this account and region ${found} for CDK: done as a first step`,
        `or do it yourself, once: npx cdk bootstrap aws://${account}/${region}`,
      ),
    ];
  });

const verifying = (sender: string, region: string): string[] => [
  `verify the address: aws ses verify-email-identity --email-address ${sender} --region ${region}`,
  'and open the link in the mail that AWS sends there. Or verify the whole domain, which the mails arrive better from:',
  `https://console.aws.amazon.com/ses/home?region=${region}#/identities/create`,
];

/** The identity that lets SES send for the sender: the address where it is verified itself, else its nearest domain. */
const verifiedFor = (sender: string, known: Readonly<Record<string, string>>): string | undefined =>
  identitiesFor(sender).find((identity) => known[identity] === 'Success');

/** Returns the context values that follow from what SES knows: a domain's identity must be named where it is used. */
export const identityContext = ({ sender, identities }: Pick<Facts, 'sender' | 'identities'>): Context => {
  if (sender === undefined || !('known' in identities)) return {};
  const identity = verifiedFor(sender, identities.known);
  return identity === undefined || identity === sender ? {} : { senderIdentity: identity };
};

const senderFinding = ({ sender, identities, region }: Facts): Finding[] => {
  if (sender === undefined)
    return [
      warn(
        'no --sender: SES refuses mails from orders@example.com, so no customer is mailed',
        'give an address or an address of a domain that SES has verified: --sender orders@your-domain.example',
      ),
    ];
  return from(identities, `whether SES may send as ${sender}`, (known) => {
    const verified = verifiedFor(sender, known);
    if (verified !== undefined) return [ok(`SES in ${region} has verified ${verified}, so mails go out as ${sender}`)];
    const state = known[sender];
    if (state === 'Pending')
      return [
        stop(
          `SES in ${region} waits for ${sender} to be confirmed`,
          'open the link in the mail that AWS has sent there (it is good for 24 hours), then run this again.',
          `A new one: aws ses verify-email-identity --email-address ${sender} --region ${region}`,
        ),
      ];
    return [stop(`SES in ${region} has not verified ${sender}, nor its domain`, ...verifying(sender, region))];
  });
};

const sandboxMails = 200;

const mailFinding = ({ mailsADay, region, planned }: Facts): Finding[] => [
  ...from(mailsADay, 'how many mails SES may send', (quota) => {
    if (quota < 0) return [ok('SES sends any number of mails')];
    if (quota > sandboxMails) return [ok(`SES sends up to ${quota} mails a day`)];
    return [
      warn(
        `SES is in its sandbox in ${region}: ${quota} mails a day, and only to addresses that are verified themselves`,
        'ask AWS for production access, which takes about a day:',
        `https://console.aws.amazon.com/ses/home?region=${region}#/account`,
      ),
    ];
  }),
  ...(planned.some(({ mailsByCognito }) => mailsByCognito)
    ? [
        warn(
          'Cognito sends the mails of accounts (codes, resets) by its own sender: 50 a day for the whole account',
          'enough to try it out. Stage prod sends them by SES, as --sender',
        ),
      ]
    : []),
];

const comfortable: Readonly<Record<AwsStage, number>> = { dev: 50, prod: 500 };
const leastUnreserved = { small: 10, usual: 100 };

const concurrencyFinding = ({ stage, concurrency, planned, region }: Facts): Finding[] =>
  from(concurrency, 'how many functions may run at once', ({ limit, unreserved }) => {
    const reserved = planned.reduce((sum, stack) => sum + stack.reservedConcurrency, 0);
    const least = limit < leastUnreserved.usual ? leastUnreserved.small : leastUnreserved.usual;
    const ask =
      'ask for more, which is free and takes hours to days: aws service-quotas request-service-quota-increase ' +
      `--service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ${region}`;
    if (reserved > 0 && limit - reserved < least)
      return [
        stop(`${limit} functions may run at once in this account, and the stack reserves ${reserved} of them`, ask),
      ];
    if (limit >= comfortable[stage])
      return [ok(`${limit} functions may run at once (${unreserved} of them unreserved)`)];
    return [
      warn(
        `only ${limit} functions may run at once in this account: a burst of orders meets 429 and slow consumers`,
        ask,
      ),
    ];
  });

const roleFinding = ({ apiLogRole, stacks, region }: Facts): Finding[] =>
  from(apiLogRole, 'by which role API Gateway writes its logs', (arn) => {
    const role = arn?.replace(/^.*\//, '');
    const isOurs = role !== undefined && stacks.some(({ name }) => role.startsWith(`${name}-`));
    if (role === undefined || isOurs) return [ok('API Gateway writes its logs by the role of this stack')];
    return [
      warn(
        `API Gateway has one role for the logs of all APIs in ${region}: ${role} now, the new stack's afterwards`,
        'Other APIs go on logging, by this one. It stays when the stack is removed.',
      ),
    ];
  });

/** Returns everything that is to be known before a deployment, worst included: what was found, and what to do about it. */
export const findings = (facts: Facts): Finding[] => [
  ...callerFinding(facts),
  ...bootstrapFinding(facts),
  ...stackFindings(facts),
  ...senderFinding(facts),
  ...mailFinding(facts),
  ...concurrencyFinding(facts),
  ...roleFinding(facts),
];
