import { App } from 'aws-cdk-lib';
import { configOf } from '../lib/context';
import { StorefrontStack } from '../lib/storefront.stack';
import { leaveOutWhatIsMissing } from '../scripts/local/offers';

// what the local AWS takes decides there: CloudFormation's own rules, which take seconds, are for AWS
if (process.env.AWS_ENDPOINT_URL) process.env.CDK_VALIDATION ??= 'false';
const app = new App(); // synthesizes itself when nothing is left to do

leaveOutWhatIsMissing(app.node).then(() => {
  const config = configOf(app.node, process.env);
  if (config === undefined) return;
  new StorefrontStack(app, 'StorefrontStack', {
    config,
    env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  });
});
