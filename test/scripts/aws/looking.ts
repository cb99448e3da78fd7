import type { PlannedStack } from '../../../scripts/aws/assembly';
import { askAws, type Facts, whoAmI } from '../../../scripts/aws/facts';
import { findings } from '../../../scripts/aws/findings';
import type { Finding } from '../../../scripts/aws/stack-findings';
import type { AwsStage } from '../../../scripts/lib/system/stage';
import { type FakeAccount, openFakeAws } from './fake-aws';

/** The AWS that a test file asks. */
export let aws: Awaited<ReturnType<typeof openFakeAws>>;
beforeAll(async () => {
  aws = await openFakeAws();
});
afterAll(() => aws.close());

export const orderSystem = (stage: AwsStage): PlannedStack => ({
  app: 'bin/order-system.ts',
  stackName: `OrderSystemStack-${stage}`,
  named: [
    { kind: 'table', name: stage === 'dev' ? 'dev-orders' : 'orders' },
    { kind: 'queue', name: stage === 'dev' ? 'dev-inventory-queue' : 'inventory-queue' },
    { kind: 'topic', name: stage === 'dev' ? 'dev-order-events' : 'order-events' },
    { kind: 'secret', name: stage === 'dev' ? 'dev-payment-providers' : 'payment-providers' },
  ],
  mailsByCognito: stage === 'dev',
  reservedConcurrency: 0,
  bootstrapVersion: 6,
});

type Asked = { stage?: AwsStage; sender?: string | undefined; planned?: PlannedStack[] };

/** What is known of an account once it was looked at. */
export const look = async (account: FakeAccount, asked: Asked = {}): Promise<Facts> => {
  aws.become(account);
  const { stage = 'prod', planned = [orderSystem(stage)] } = asked;
  const sender = 'sender' in asked ? asked.sender : 'orders@shop.jp';
  return askAws(aws.access, { ...(await whoAmI(aws.access)), stage, sender, planned });
};

export const find = async (account: FakeAccount, asked: Asked = {}) => findings(await look(account, asked));
export const level = (found: readonly Finding[], wanted: Finding['level']) =>
  found.filter((one) => one.level === wanted);
export const told = ({ what, todo = [] }: Finding) => [what, ...todo].join('\n');
export const textOf = (found: readonly Finding[]) => found.map(told).join('\n');
