import { Lazy } from 'aws-cdk-lib';
import { type AddToResourcePolicyResult, type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/** Returns the topic that a statement allows, as subscriptions add it; undefined when it allows something else. */
const topicOf = ({ principals, conditions }: PolicyStatement): string | undefined => {
  const [principal, ...others] = principals;
  const isTopics = principal instanceof ServicePrincipal && principal.service === 'sns.amazonaws.com';
  return isTopics && others.length === 0 ? conditions.ArnEquals?.['aws:SourceArn'] : undefined;
};

type Add = (statement: PolicyStatement) => AddToResourcePolicyResult;

/** The statement by which a queue, or its key, allows topics. The CDK adds one for each topic, else the same. */
export class TopicStatement {
  private readonly topics = new Set<string>();
  private added: AddToResourcePolicyResult | undefined;

  /** Adds a statement to a policy by `add`. That of a further topic becomes part of the first one's. */
  join(statement: PolicyStatement, add: Add): AddToResourcePolicyResult {
    const topic = topicOf(statement);
    if (topic === undefined) return add(statement);
    this.topics.add(topic);
    if (this.added !== undefined) return this.added;
    const sourceArn = Lazy.any({ produce: () => (this.topics.size === 1 ? topic : [...this.topics]) });
    statement.addCondition('ArnEquals', { 'aws:SourceArn': sourceArn });
    this.added = add(statement);
    return this.added;
  }
}
