import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context } from '../../cdk.json';
import type { StageName } from './stacks';
import { referenced, synthesize } from './synthesize';

/** What cdklocal sets: the address of the local AWS for the machine that deploys. */
const deploying = 'http://127.0.0.1:4999';

const withEndpoint = <Result>(work: () => Result): Result => {
  process.env.AWS_ENDPOINT_URL = deploying;
  process.env.AWS_ENDPOINT_URL_S3 = deploying;
  try {
    return work();
  } finally {
    delete process.env.AWS_ENDPOINT_URL;
    delete process.env.AWS_ENDPOINT_URL_S3;
  }
};

const loopback = /localhost|\b127\.\d+\.\d+\.\d+|\[?::1\]?|\b0\.0\.0\.0\b/;

/** The payment simulator, which listens on the host of a local AWS, by the name that containers have for that host. */
const onHost = ['http://host.docker.internal:4570'];

describe.each<[StageName]>([['local'], ['dev'], ['prod']])('P2 P20 in stage %s', (stage) => {
  const { functions, ofType } = withEndpoint(() => synthesize(stage));

  test.each(functions.map(({ label, resource }) => [label, resource.properties.Environment.Variables] as const))(
    '%s holds no address of the machine that deploys, nor of loopback, nor of a service of AWS',
    (label, variables) => {
      const text = JSON.stringify(variables);
      expect(text).not.toContain(deploying);
      expect(text).not.toMatch(loopback);
      const plain = [...text.matchAll(/http:\/\/[^"\\]+/g)].map(([address]) => address);
      const allowed = stage === 'local' && label === 'payment/ask-provider' ? onHost : [];
      expect(plain.filter((address) => !allowed.includes(address))).toEqual([]);
      const named = Object.entries(variables).filter(([, value]) => /^https?:.*URLSuffix/.test(referenced(value)));
      expect(named.map(([name]) => name)).toEqual(label === 'identity/authorize' ? ['ISSUER'] : []); // what tokens say
    },
  );

  test.each(functions.map(({ label, resource }) => [label, resource.properties.Environment.Variables] as const))(
    '%s is told neither a region nor an endpoint: it has its own',
    (_label, variables) => {
      expect(Object.keys(variables).filter((name) => /_REGION$|^AWS_|ENDPOINT/.test(name))).toEqual([]);
    },
  );

  test('the API definition holds none either', () => {
    const apis = [...ofType('ApiGateway::RestApi'), ...ofType('ApiGatewayV2::Api'), ...ofType('ApiGatewayV2::Stage')];
    expect(apis.length).toBeGreaterThan(2);
    const text = JSON.stringify(apis.map(({ properties }) => properties));
    expect(text).not.toContain(deploying);
    expect(text).not.toMatch(loopback);
    expect(text).not.toContain('http://');
  });
});

test('P20 S3-21 on AWS the payment providers are asked over https alone', () => {
  for (const stage of ['dev', 'prod'] as const) {
    const asks = synthesize(stage).functions.find(({ label }) => label === 'payment/ask-provider')?.resource;
    const { STRIPE_URL, PAYPAY_URL } = asks?.properties.Environment.Variables ?? {};
    expect([STRIPE_URL, PAYPAY_URL]).toEqual(['https://api.stripe.com', 'https://api.paypay.ne.jp']);
  }
});

test('P20 the app itself, as cdklocal runs it, writes the address that it deploys to nowhere but into outputs for people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'addresses-'));
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ENDPOINT_URL: deploying,
    AWS_ENDPOINT_URL_S3: deploying,
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify({
      ...context,
      'aws:cdk:bundling-stacks': [],
      'aws:cdk:disable-asset-staging': true,
    }),
  };
  const args = ['node_modules/tsx/dist/cli.mjs', 'bin/order-system.ts'];
  try {
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const template = readFileSync(join(folder, 'OrderSystemStack.template.json'), 'utf8');
    expect(template).toContain('"StageName":"local"'); // the endpoint chose the stage
    const { Outputs, ...deployed } = JSON.parse(template);
    expect(JSON.stringify(deployed)).not.toContain(new URL(deploying).host);
    expect(JSON.stringify(Outputs)).not.toContain('amazonaws'); // each of them can be used
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
