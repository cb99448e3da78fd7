import type { Node } from 'constructs';
import type { GivenContext } from './config';
import { checkNames, type SettingName } from './settings';

/**
 * Returns the values of `-c name=value`, not yet validated. The default stage is `local` with an endpoint, which
 * cdklocal sets, and `dev` otherwise: `cdklocal deploy` is local and `cdk deploy` goes to AWS. Throws when a name is
 * neither a setting nor the CDK's.
 */
export const readContext = (node: Node, awsEndpoint: string | undefined): GivenContext => {
  checkNames(Object.keys(node.getAllContext()));
  const context = (name: SettingName): unknown => node.tryGetContext(name);
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
