import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

/** Why routes allow guests, and customers' accounts only a password. */
export const openToGuests =
  'A shop is open to guests, and to customers with only a password. Authorizer and handlers check permissions.';

/** Why a role has permissions on `*`. */
export const withoutName =
  'The resource has no name beforehand: an X-Ray trace, a new connection, a new object, a recipient.';

/** Why a secret is not rotated automatically. */
export const notRotated =
  'A rotation invalidates what the old secret signed or encrypted; the keys of providers come from them.';

/** Why a local stage has no firewall, TLS, logs and alarms. */
export const unguarded = 'A local AWS listens on loopback only: it has no TLS, no firewall and no use for access logs.';

/** Accepts the findings of these cdk-nag rules on one construct, with a reason. There may be ten reasons at most. */
export const accept = (construct: IConstruct, reason: string, ...ruleIds: string[]): void => {
  Validations.of(construct).acknowledge(...ruleIds.map((id) => ({ id, reason })));
};

type Resolved = string | { readonly Ref: string } | { readonly 'Fn::Join': readonly [string, readonly Resolved[]] };

/** Returns a resolved value as cdk-nag's findings show it: `arn:<AWS::Partition>:…:<LiveApi>/prod`. */
const readable = (value: Resolved): string => {
  if (typeof value === 'string') return value;
  return 'Ref' in value ? `<${value.Ref}>` : value['Fn::Join'][1].map(readable).join(value['Fn::Join'][0]);
};

/** Returns the ID of cdk-nag's finding on a wildcard in `arn`, also when account and region are tokens. */
export const wildcardOn = (scope: Construct, arn: string): string =>
  `AwsSolutions-IAM5[Resource::${readable(Stack.of(scope).resolve(arn))}]`;
