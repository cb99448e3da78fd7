import type { Node } from 'constructs';
import type { GivenContext } from './config';

/**
 * Returns the values of `-c name=value`, not yet validated. The default stage is `local` with an endpoint, which
 * cdklocal sets, and `dev` otherwise: `cdklocal deploy` is local and `cdk deploy` goes to AWS.
 */
export const readContext = (node: Node, awsEndpoint: string | undefined): GivenContext => {
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
