import { App } from 'aws-cdk-lib';
import { readConfig } from '../lib/config';
import { readContext } from '../lib/context';
import { StorefrontStack } from '../lib/storefront.stack';

const app = new App();
const config = readConfig(readContext(app.node, process.env.AWS_ENDPOINT_URL));

new StorefrontStack(app, 'StorefrontStack', {
  config,
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
