import { execSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { readConfig } from '../lib/config';
import { OrderSystemStack } from '../lib/order-system.stack';

const commit = (): string => {
  try {
    return execSync('git rev-parse --short HEAD', { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

const app = new App();
const context = (name: string): unknown => app.node.tryGetContext(name);

new OrderSystemStack(app, 'OrderSystemStack', {
  config: readConfig({
    // cdklocal sets the endpoint, so `cdklocal deploy` is local and `cdk deploy` goes to AWS
    stage: context('stage') ?? (process.env.AWS_ENDPOINT_URL ? 'local' : 'dev'),
    senderEmail: context('senderEmail'),
    alarmEmail: context('alarmEmail'),
    corsOrigins: context('corsOrigins'),
    live: context('live'),
    stripeUrl: context('stripeUrl'),
    paypayUrl: context('paypayUrl'),
    auth: context('auth'),
    issuer: context('issuer'),
    audience: context('audience'),
    jwksUri: context('jwksUri'),
    tenantClaim: context('tenantClaim'),
    rolesClaim: context('rolesClaim'),
  }),
  build: String(context('build') ?? commit()),
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
