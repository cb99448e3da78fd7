import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readConfig } from '../../lib/config';
import { readContext } from '../../lib/context';
import { ConfigError, misnamed, refusalOf } from '../../lib/settings';

describe('the name of a context value', () => {
  test.each([
    ['Stage', 'stage'],
    ['senderemail', 'senderEmail'],
    ['servces', 'services'],
    ['satge', 'stage'],
    ['alarmsEmails', 'alarmEmail'],
    ['line', 'live'],
  ])('%s is none, and %s is near', (name, near) => {
    expect(misnamed(name)).toBe(`there is no such setting; did you mean ${near}?`);
  });

  test.each(['colour', 'toString', 'path', 'aws-cdk'])('%s is none, and none is near', (name) => {
    expect(misnamed(name)).toBe(
      'there is no such setting; there are stage, senderEmail, senderIdentity, alarmEmail, deletionProtection, ' +
        'reservedConcurrency, corsOrigins, services, live, auth, issuer, audience, jwksUri, tenantClaim, rolesClaim, ' +
        'stripeUrl, paypayUrl, returnUrl, build',
    );
  });

  test.each([
    'stage',
    'build',
    '@aws-cdk/core:checkSecretUsage',
    'aws:cdk:bundling-stacks',
    'aws-cdk:enableDiffNoFail',
    'availability-zones:account=123456789012:region=eu-west-1',
    'acknowledged-issue-numbers',
    'cli-telemetry',
  ])('%s is ours or the CDK’s', (name) => expect(misnamed(name)).toBeUndefined());
});

const read = (context: Record<string, unknown>) => readContext(new App({ context }).node, undefined);

test('every unknown name is told at once, and what the CDK puts beside them is not', () => {
  expect(() => read({ Stage: 'prod', 'aws:cdk:bundling-stacks': [], servces: 'core' })).toThrow(
    new ConfigError(
      '-c Stage: there is no such setting; did you mean stage?\n' +
        '-c servces: there is no such setting; did you mean services?',
    ),
  );
});

describe('a wrong setting is told by its sentence alone', () => {
  const refusal = (given: Record<string, unknown>) => {
    try {
      readConfig(read(given));
    } catch (error) {
      return refusalOf(error);
    }
    return 'accepted';
  };

  test.each([
    { stage: 'prd' },
    { services: 'half' },
    { senderEmail: 'foo' },
    { senderIdentity: 'foo' },
    { live: 'yes' },
    { corsOrigins: 'example.com' },
    { services: 'core', auth: 'cognito' },
    { services: 'core', live: 'on' },
    { auth: 'ldap' },
    { auth: 'oidc' },
    { auth: 'oidc', issuer: 'https://login.example.com/' },
    { stripeUrl: 'stripe' },
    { returnUrl: 'shop' },
  ])('%j', (given) => expect(refusal(given)).toMatch(/^-c [^\n]+$/));

  test('and so are the addresses that prod needs', () => {
    expect(refusal({ stage: 'prod' })).toMatch(/^stage prod needs [^\n]+$/);
  });

  test('while a fault stays what it is', () => {
    const fault = new TypeError('x is not a function');
    expect(() => refusalOf(fault)).toThrow(fault);
  });
});

describe('an app that is given a wrong setting', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['bin/order-system.ts', { Stage: 'prod' }, '-c Stage: there is no such setting; did you mean stage?\n'],
    ['bin/storefront.ts', { stage: 'prd' }, '-c stage=prd: must be one of local, dev, prod\n'],
  ])('%s with %j writes one sentence, and ends with 1', (app, context, sentence) => {
    const { AWS_ENDPOINT_URL: _, ...env } = process.env;
    const { status, stderr } = spawnSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', app], {
      encoding: 'utf8',
      env: { ...env, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_OUTDIR: folder },
    });
    expect([status, stderr]).toEqual([1, sentence]);
  });
});
