import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts what cdk-nag finds on one construct by these rules, for one reason. There may be ten such reasons at most. */
export const accept = (construct: IConstruct, reason: string, ...ruleIds: string[]): void => {
  Validations.of(construct).acknowledge(...ruleIds.map((id) => ({ id, reason })));
};
