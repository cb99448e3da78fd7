import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

/** Why routes, and accounts of customers, ask for less than those of a bank. */
export const openToGuests =
  'A shop is open to guests, and to customers with a password alone: authorizer and handlers check who may do what.';

/** Why a role may do something to `*`. */
export const withoutName =
  'AWS names it to nobody beforehand: a trace of X-Ray, a connection that is opened, an object that is written, a recipient.';

/** Why nobody exchanges a secret by itself. */
export const notRotated =
  'A new secret makes worthless what the old one signed or sealed; providers give their own keys.';

/** Why a local stage goes without what AWS guards and watches a system with. */
export const unguarded =
  'A local AWS answers on loopback alone: it has no TLS, no firewall and nobody who reads its access logs.';

/** Accepts what cdk-nag finds on one construct by these rules, for one reason. There may be ten such reasons at most. */
export const accept = (construct: IConstruct, reason: string, ...ruleIds: string[]): void => {
  Validations.of(construct).acknowledge(...ruleIds.map((id) => ({ id, reason })));
};

type Resolved = string | { readonly Ref: string } | { readonly 'Fn::Join': readonly [string, readonly Resolved[]] };

/** A resolved value as findings of cdk-nag show it: `arn:<AWS::Partition>:…:<LiveApi>/prod`. */
const readable = (value: Resolved): string => {
  if (typeof value === 'string') return value;
  return 'Ref' in value ? `<${value.Ref}>` : value['Fn::Join'][1].map(readable).join(value['Fn::Join'][0]);
};

/** Returns the finding of cdk-nag on a wildcard in `arn`, as cdk-nag writes it where account and region are not known, too. */
export const wildcardOn = (scope: Construct, arn: string): string =>
  `AwsSolutions-IAM5[Resource::${readable(Stack.of(scope).resolve(arn))}]`;
