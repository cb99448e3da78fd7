import { STSClient } from '@aws-sdk/client-sts';
import { addressColumns, addressRows, nextSteps } from '../aws/addresses';
import { type Context, type Deployment, maxWords, options, readDeployment } from '../aws/arguments';
import { apps, cdkJsonContext, planApp } from '../aws/assembly';
import type { AwsAccess } from '../aws/aws-access';
import { carryOut } from '../aws/carry-out';
import { cdkIn } from '../aws/cdk';
import { askAws, type Caller, type Facts, whoAmI } from '../aws/facts';
import { findings, identityContext } from '../aws/findings';
import { stackFact } from '../aws/questions';
import type { Finding } from '../aws/stack-findings';
import { type Step, stepsOf, stepText } from '../aws/steps';
import { CommandError, command } from '../lib/command';
import { agreed } from '../lib/confirm';
import { refuseEndpoint, regionOf } from '../lib/system/chosen-stage';
import { fail, ok, print, printTable, step, title, warn } from '../lib/terminal';

const help = `
npm run deploy -- --stage dev|prod [--sender ADDRESS] [--alarms ADDRESS] [OPTION …] [NAME=VALUE …]

Deploys to AWS, with the credentials of the environment. Looks first: at the account, the region, the sender, the limits
and at what is deployed there, tells what it finds and what to do about it, and asks before it changes anything. A first
deployment that failed is removed and tried again. Deploying again updates what is there.

  --stage dev|prod      prod keeps its data and has keys of its own; dev's tables and queues begin with dev-
  --sender ADDRESS      the sender of customers' mails, verified in SES in this region (prod needs it)
  --alarms ADDRESS      who is mailed about alarms and alerts (prod needs it)
  --cors ORIGINS        origins whose pages may call the API, separated by commas
  --region REGION       where to (default: AWS_REGION, AWS_DEFAULT_REGION, the region of the AWS profile)
  --auth cognito|oidc   who keeps the accounts (default: cognito); oidc goes with --issuer and --audience, and with
                        --jwks-uri, --tenant-claim, --roles-claim where the provider is unusual
  --live on|off         whether there is a WebSocket API for the live status (default: on)
  --stripe-url URL      where Stripe answers, --paypay-url URL where PayPay does (default: where they really do)
  --return-url URL      the shop's page that customers come back to from PayPay; {tenant} and {orderId} in it are filled in
  NAME=VALUE            any other context value; docs/guides/configuration.md lists all
  --check, --dry-run    looks, tells, and changes nothing. Ends with 1 when something stands in the way
  --yes                 does not ask
  --help                this text
`;

const marks = { ok, warn, stop: fail };

const show = (found: readonly Finding[]): void => {
  for (const { level, what, todo = [] } of found) {
    marks[level](what);
    for (const line of todo) print(`    ${line}`);
  }
};

const plan = async ({ stage, context }: Deployment, caller: Caller, region: string) => {
  const stacks = [];
  for (const app of apps()) stacks.push(...(await planApp(app, { ...context, stage }, { ...caller, region })));
  return stacks;
};

const look = async (access: AwsAccess, deployment: Deployment, known: Context): Promise<Facts> => {
  const { stage, context } = deployment;
  const caller = await step({ doing: 'asking AWS who you are', done: 'AWS says who you are' }, () => whoAmI(access));
  const planned = await step({ doing: 'synthesizing', done: 'stacks synthesized' }, () =>
    plan(deployment, caller, access.region),
  );
  const sender = context.senderEmail ?? known.senderEmail;
  return step({ doing: 'looking at the account', done: 'account looked at' }, () =>
    askAws(access, { ...caller, stage, sender, planned }),
  );
};

const showSteps = (steps: readonly Step[], facts: Facts): void => {
  title('To do');
  for (const [at, one] of steps.entries()) print(`  ${at + 1}. ${stepText(one, facts)}`);
  print();
};

const conclude = async (access: AwsAccess, facts: Facts, steps: readonly Step[]): Promise<void> => {
  const stacks = await Promise.all(facts.planned.map(({ stackName }) => stackFact(access, stackName)));
  title(`Stage ${facts.stage} is deployed`);
  printTable(addressColumns, addressRows(stacks));
  title('Next');
  const isFirst = steps.some((one) => one.do === 'deploy' && one.pass === 'first');
  for (const line of nextSteps(facts, isFirst)) print(`  ${line}`);
};

command({ help, options, words: maxWords }, async (values, words) => {
  refuseEndpoint(process.env, 'this command deploys to AWS');
  const known = Object.fromEntries(Object.entries(cdkJsonContext()).filter(([, value]) => typeof value === 'string'));
  const deployment = readDeployment(values, words, known as Context);
  const region = deployment.region ?? (await regionOf(process.env));
  const access = { region, credentials: new STSClient({ region }).config.credentials };
  const facts = await look(access, deployment, known as Context);
  const found = findings(facts);
  title('What was found');
  show(found);
  const stops = found.filter(({ level }) => level === 'stop').length;
  if (stops > 0)
    throw new CommandError(
      `${stops === 1 ? 'One thing stands' : `${stops} things stand`} in the way: nothing was changed.`,
    );
  const steps = stepsOf(facts);
  showSteps(steps, facts);
  if (deployment.check) return ok('nothing stands in the way; nothing was changed (--check)');
  const { stage, account } = facts;
  if (!deployment.yes && !(await agreed(`Deploy stage ${stage} to account ${account} in ${region}?`)))
    throw new CommandError('Not agreed: nothing was changed.');
  const context = { ...identityContext(facts), ...deployment.context };
  await carryOut(steps, { ...facts, access, context, cdk: cdkIn(region) });
  return conclude(access, facts, steps);
});
