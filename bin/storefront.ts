import { App } from 'aws-cdk-lib';
import { readConfig } from '../lib/config';
import { readContext } from '../lib/context';
import { refusalOf } from '../lib/settings';
import { StorefrontStack } from '../lib/storefront.stack';
import { leaveOutWhatIsMissing } from '../scripts/local/offers';

// what the local AWS takes decides there: CloudFormation's own rules, which take seconds, are for AWS
if (process.env.AWS_ENDPOINT_URL) process.env.CDK_VALIDATION ??= 'false';
const app = new App(); // synthesizes itself when nothing is left to do

leaveOutWhatIsMissing(app.node)
  .then(() => {
    new StorefrontStack(app, 'StorefrontStack', {
      config: readConfig(readContext(app.node, process.env.AWS_ENDPOINT_URL)),
      env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
    });
  })
  .catch((error: unknown) => {
    process.stderr.write(`${refusalOf(error)}\n`);
    process.exit(1); // before the app synthesizes itself, without a stack
  });
