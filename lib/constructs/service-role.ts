import type { IResolveContext } from 'aws-cdk-lib';
import {
  type AddToPrincipalPolicyResult,
  type IPrincipal,
  PolicyDocument,
  type PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A statement as it is in the template: one action or resource is a text, several are a list. */
type Rendered = { readonly Effect: string; readonly Condition?: unknown } & Readonly<
  Record<'Action' | 'Resource', string | readonly string[]>
>;

/** Whether `other` allows without a condition all that `statement` allows with one. */
const isImplied = (statement: Rendered, other: Rendered): boolean => {
  if (statement.Condition === undefined || other.Condition !== undefined) return false;
  return (['Action', 'Resource'] as const).every((key) => {
    const all = [other[key]].flat();
    return [statement[key]].flat().every((one) => all.includes(one));
  });
};

/** Statements of a role, without those that another one of them implies. */
class RoleStatements extends PolicyDocument {
  override resolve(context: IResolveContext): unknown {
    const document = super.resolve(context);
    const all: readonly Rendered[] = document?.Statement ?? [];
    const allowing = all.filter(({ Effect }) => Effect === 'Allow');
    const isNeeded = (one: Rendered) => !allowing.includes(one) || !allowing.some((other) => isImplied(one, other));
    return document && { ...document, Statement: all.filter(isNeeded) };
  }
}

/** A role with inline statements: one resource instead of the CDK's two. */
export class ServiceRole extends Role {
  private readonly statements: PolicyDocument;

  constructor(scope: Construct, id: string, assumedBy: IPrincipal) {
    const statements = new RoleStatements();
    super(scope, id, { assumedBy, inlinePolicies: { Own: statements } });
    this.statements = statements;
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.statements.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }
}
