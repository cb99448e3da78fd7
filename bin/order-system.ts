import { execSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { readConfig } from '../lib/config';
import { readContext } from '../lib/context';
import { OrderSystemStack } from '../lib/order-system.stack';

const commit = (): string => {
  try {
    return execSync('git rev-parse --short HEAD', { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

const app = new App();

new OrderSystemStack(app, 'OrderSystemStack', {
  config: readConfig(readContext(app.node, process.env.AWS_ENDPOINT_URL)),
  build: String(app.node.tryGetContext('build') ?? commit()),
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
