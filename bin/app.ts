import { execSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { stages } from '../lib/config';
import { OrderSystemStack } from '../lib/order-system.stack';

const app = new App();

// cdklocal sets the endpoint, so `cdklocal deploy` is local and `cdk deploy` goes to AWS
const stage = String(app.node.tryGetContext('stage') ?? (process.env.AWS_ENDPOINT_URL ? 'local' : 'dev'));
if (!(stage in stages)) throw new Error(`context stage=${stage}: must be one of ${Object.keys(stages).join(', ')}`);
const config = stages[stage as keyof typeof stages];

const commit = (): string => {
  try {
    return execSync('git rev-parse --short HEAD', { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;

new OrderSystemStack(app, 'OrderSystemStack', {
  config,
  build: String(app.node.tryGetContext('build') ?? commit()),
  ...(account && region && config.stage !== 'local' ? { env: { account, region } } : {}),
});
