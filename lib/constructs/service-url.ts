import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config';

/** Where a service of AWS answers: `https://sts.us-east-1.amazonaws.com`, or the local AWS. */
export const serviceUrl = (scope: Construct, { awsEndpoint }: StageConfig, service: string): string => {
  const { region, urlSuffix } = Stack.of(scope);
  return awsEndpoint ?? `https://${service}.${region}.${urlSuffix}`;
};
