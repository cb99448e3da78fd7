import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

const visible = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
  metricName,
});

/** Returns one of AWS's managed rule groups. Requests that break the `onlyCounted` rules are counted, not blocked. */
const managed = (priority: number, name: string, onlyCounted: string[] = []): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  visibilityConfig: visible(name),
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: onlyCounted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
});

/** Blocks an address with more requests than `limit` in five minutes. */
const flood = (priority: number, limit: number): CfnWebACL.RuleProperty => ({
  name: 'Flood',
  priority,
  action: { block: {} },
  visibilityConfig: visible('Flood'),
  statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit } },
});

export interface FirewallProps {
  /** The stage of the REST API that it protects. */
  readonly stageArn: string;
}

/** A web application firewall with AWS's rules against known attackers and attacks. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, { stageArn }: FirewallProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible('OrderSystem'),
      rules: [
        flood(0, 10_000),
        managed(1, 'AWSManagedRulesAmazonIpReputationList'),
        managed(2, 'AWSManagedRulesKnownBadInputsRuleSet'),
        managed(3, 'AWSManagedRulesCommonRuleSet', ['SizeRestrictions_BODY', 'NoUserAgent_HEADER']), // orders of 50 lines, plain clients
      ],
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: stageArn, webAclArn: acl.attrArn });
  }
}
