import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseByOffer, leaveOutWhatIsMissing } from '../../../scripts/local/offers';
import { awsWith, notIncluded, type Replies, startFakeAws } from './fake-aws';

const cognito = 'AWSCognitoIdentityProviderService.ListUserPools';

const offered = async (more: Replies, given = {}) => {
  const { endpoint, signedFor, close } = await startFakeAws(awsWith({}, more));
  try {
    const { choice, leftOut } = await chooseByOffer(endpoint, given, 300);
    return { choice, leftOut: leftOut.map((line) => line.replace(endpoint, '<endpoint>')), signedFor };
  } finally {
    await close();
  }
};

const withoutCognito = {
  line: 'The local AWS at <endpoint> has no Cognito, so accounts are left out: guests can order, nobody can sign in.',
};
const withoutSockets = {
  line: 'The local AWS at <endpoint> has no WebSocket APIs (API Gateway v2), so the live status is left out: clients ask GET /orders/{orderId}?waitForVersion=N instead.',
};

describe('P1 what a local AWS does not offer is left out, with one line each', () => {
  test('free LocalStack has neither accounts nor live status', async () => {
    const { choice, leftOut } = await offered(() => notIncluded);
    expect(choice).toEqual({ auth: 'none', live: 'off' });
    expect(leftOut).toEqual([withoutCognito.line, withoutSockets.line]);
  });

  test('a MiniStack has all', async () => {
    const { choice, leftOut, signedFor } = await offered(() => ({ body: '{}' }));
    expect({ choice, leftOut }).toEqual({ choice: {}, leftOut: [] });
    expect(new Set(signedFor)).toEqual(new Set(['cognito-idp', 'apigateway']));
  });

  test.each([
    ['404 of a path that is not known', { status: 404, body: '{"message":"Not Found"}' }],
    ['400 of an operation that is not known', { status: 400, body: '{"__type":"UnknownOperationException"}' }],
    ['500 of a call that is not implemented', { status: 500, body: 'The action has not been implemented' }],
  ])('%s means the same', async (_, refusal) => {
    const { choice } = await offered((asked) => (asked === cognito ? refusal : { body: '{}' }));
    expect(choice).toEqual({ auth: 'none' });
  });

  test.each([
    ['503', { status: 503, body: '{"__type":"ServiceUnavailableException"}' } as const],
    ['500', { status: 500, body: '{"__type":"InternalError","message":"database is locked"}' } as const],
    ['no answer in time', 'hang' as const],
  ])('a service that is ill is there: %s', async (_, reply) => {
    expect(await offered(() => reply)).toMatchObject({ choice: {}, leftOut: [] });
  });

  test('what was chosen wins, and is not asked about', async () => {
    const { choice, leftOut, signedFor } = await offered(() => notIncluded, { auth: 'cognito', live: 'on' });
    expect({ choice, leftOut, signedFor }).toEqual({
      choice: { auth: 'cognito', live: 'on' },
      leftOut: [],
      signedFor: [],
    });
  });

  test('where nothing answers nothing is left out, at once', async () => {
    const { endpoint, close } = await startFakeAws(() => 'hang');
    await close();
    const startedAt = performance.now();
    expect(await chooseByOffer(endpoint, {})).toEqual({ choice: {}, leftOut: [] });
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe('P1 a CDK app leaves out what its local AWS does not offer', () => {
  const contextOf = (values: Record<string, unknown>) => ({
    values,
    tryGetContext: (name: string) => values[name],
    setContext: (name: string, value: unknown) => {
      values[name] = value;
    },
  });

  test('but asks nobody for a stage on AWS, or without an endpoint', async () => {
    const { endpoint, signedFor, close } = await startFakeAws(awsWith({}, () => notIncluded));
    const prod = contextOf({ stage: 'prod' });
    await leaveOutWhatIsMissing(prod, { AWS_ENDPOINT_URL: endpoint });
    const nowhere = contextOf({ stage: 'local' });
    await leaveOutWhatIsMissing(nowhere, {});
    await close();
    expect([prod.values, nowhere.values, signedFor]).toEqual([{ stage: 'prod' }, { stage: 'local' }, []]);
  });

  /** Runs the order system's app as the CDK does, without bundling. */
  const synthesize = async (endpoint: string) => {
    const out = mkdtempSync(join(tmpdir(), 'app-'));
    const app = spawn('npx', ['tsx', 'bin/order-system.ts'], {
      env: {
        PATH: process.env.PATH,
        AWS_ENDPOINT_URL: endpoint,
        CDK_OUTDIR: out,
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true }),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    app.stderr.on('data', (part) => {
      told += part;
    });
    await new Promise((resolve) => app.once('close', resolve));
    const template = JSON.parse(readFileSync(join(out, 'OrderSystemStack.template.json'), 'utf8'));
    rmSync(out, { recursive: true });
    const resources: { Type: string }[] = Object.values(template.Resources);
    return { told, outputs: template.Outputs, types: new Set(resources.map(({ Type }) => Type)) };
  };

  test('the plain command deploys the order system to free LocalStack without accounts and live status', async () => {
    const { endpoint, close } = await startFakeAws(awsWith({}, () => notIncluded));
    const { told, types, outputs } = await synthesize(endpoint);
    await close();
    expect(types).toContain('AWS::ApiGateway::RestApi');
    expect([...types].filter((type) => /Cognito|ApiGatewayV2/.test(type))).toEqual([]);
    expect(told).toContain(withoutCognito.line.replace('<endpoint>', endpoint));
    expect(told).toContain(withoutSockets.line.replace('<endpoint>', endpoint));
    expect(JSON.stringify(outputs.ApiUrl.Value)).toContain(`${endpoint}/_aws/execute-api/`);
  });

  test('P20 where nothing answers all of it is synthesized', async () => {
    const { endpoint, close } = await startFakeAws(() => 'hang');
    await close();
    const { types } = await synthesize(endpoint);
    expect([...types].filter((type) => /Cognito::UserPool$|ApiGatewayV2::Api$/.test(type)).sort()).toEqual([
      'AWS::ApiGatewayV2::Api',
      'AWS::Cognito::UserPool',
    ]);
  });
});
