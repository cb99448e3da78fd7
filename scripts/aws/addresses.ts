import { nameIn } from '../lib/system/stage';
import type { Column } from '../lib/table';
import type { Facts } from './facts';
import type { StackFact } from './questions';

export const addressColumns: readonly Column[] = [{ title: 'what' }, { title: 'where' }];

const known: Readonly<Record<string, string>> = { LiveUrl: 'live status (WebSocket)' };

const apiRows = (url: string): [string, string][] => [
  ['API', url],
  ['its pages', `${url}/docs`],
  ['its health', `${url}/health`],
  ['Stripe’s webhooks', `${url}/webhooks/stripe`],
  ['PayPay’s webhooks', `${url}/webhooks/paypay`],
];

/** Returns the addresses by which people and services reach what was deployed. */
export const addressRows = (stacks: readonly StackFact[]): [string, string][] =>
  stacks.flatMap(({ outputs }) => {
    const { ApiUrl, ...others } = outputs;
    const more = Object.entries(others)
      .filter(([name, value]) => /^(https|wss):/.test(value) && !/Endpoint[0-9A-F]{8}$/.test(name)) // CDK's own twin of ApiUrl
      .map(([name, value]): [string, string] => [known[name] ?? name, value]);
    return [...(ApiUrl === undefined ? [] : apiRows(ApiUrl.replace(/\/+$/, ''))), ...more];
  });

/** Returns what is left to a person after a deployment. */
export const nextSteps = ({ stage, region }: Pick<Facts, 'stage' | 'region'>, isFirst: boolean): string[] => {
  const prefix = `AWS_REGION=${region}`;
  const check = `${prefix} bash scripts/check-resources.sh --aws --stage ${stage}`;
  if (!isFirst) return [`look whether all of it answers: ${check}`];
  const secret = nameIn(stage, 'payment-providers');
  return [
    'open the links in the mails "AWS Notification - Subscription Confirmation": no alarm is mailed before',
    `${prefix} npm run --silent token -- --role platform-admin --email you@your-domain.example --aws --stage ${stage}`,
    `put the payment providers’ keys into the secret ${secret}: docs/deploy.md#payment-providers`,
    check,
  ];
};
