import { App } from 'aws-cdk-lib';
import { readConfig } from '../lib/config';
import { readContext } from '../lib/context';
import { StorefrontStack } from '../lib/storefront.stack';
import { leaveOutWhatIsMissing } from '../scripts/local/offers';

const app = new App(); // synthesizes itself when nothing is left to do

leaveOutWhatIsMissing(app.node).then(() => {
  new StorefrontStack(app, 'StorefrontStack', {
    config: readConfig(readContext(app.node, process.env.AWS_ENDPOINT_URL)),
    env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
  });
});
