import type { Node } from 'constructs';
import { type GivenContext, readConfig, type StageConfig } from './config';
import { contextNameFault } from './names';

type Context = Pick<Node, 'tryGetContext' | 'getAllContext'>;

/**
 * Returns the values of `-c name=value`, not yet validated. The default stage is `local` with an endpoint, which
 * cdklocal sets, and `dev` otherwise: `cdklocal deploy` is local and `cdk deploy` goes to AWS. Throws when a name is
 * unknown: a setting that is misspelt would be left at its default.
 */
export const readContext = (node: Context, awsEndpoint: string | undefined): GivenContext => {
  for (const name of Object.keys(node.getAllContext())) {
    const fault = contextNameFault(name);
    if (fault !== undefined) throw new Error(`-c ${name}: ${fault}`);
  }
  const context = (name: string): unknown => node.tryGetContext(name);
  return {
    stage: context('stage') ?? (awsEndpoint ? 'local' : 'dev'),
    publicEndpoint: awsEndpoint,
    senderEmail: context('senderEmail'),
    alarmEmail: context('alarmEmail'),
    corsOrigins: context('corsOrigins'),
    live: context('live'),
    services: context('services'),
    senderIdentity: context('senderIdentity'),
    deletionProtection: context('deletionProtection'),
    reservedConcurrency: context('reservedConcurrency'),
    stripeUrl: context('stripeUrl'),
    paypayUrl: context('paypayUrl'),
    returnUrl: context('returnUrl'),
    auth: context('auth'),
    issuer: context('issuer'),
    audience: context('audience'),
    jwksUri: context('jwksUri'),
    tenantClaim: context('tenantClaim'),
    rolesClaim: context('rolesClaim'),
  };
};

/**
 * Returns the settings that a CDK app is given. When they are wrong, says so in one line on standard error, fails the
 * process and returns undefined.
 */
export const configOf = (node: Context, env: Readonly<Record<string, string | undefined>>): StageConfig | undefined => {
  try {
    return readConfig(readContext(node, env.AWS_ENDPOINT_URL));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
    return undefined;
  }
};
