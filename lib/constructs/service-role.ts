import {
  type AddToPrincipalPolicyResult,
  type IPrincipal,
  PolicyDocument,
  type PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A role with inline statements: one resource instead of the CDK's two. */
export class ServiceRole extends Role {
  private readonly statements: PolicyDocument;

  constructor(scope: Construct, id: string, assumedBy: IPrincipal) {
    const statements = new PolicyDocument();
    super(scope, id, { assumedBy, inlinePolicies: { Own: statements } });
    this.statements = statements;
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.statements.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }
}
