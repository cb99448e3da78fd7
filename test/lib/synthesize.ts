import { App, type CfnResource, type Environment, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { type GivenContext, readConfig } from '../../lib/config';
import { ServiceFunction } from '../../lib/constructs/service-function';
import { OrderSystemStack } from '../../lib/order-system.stack';
import { StorefrontStack } from '../../lib/storefront.stack';

export type StageName = 'local' | 'dev' | 'prod';

const given: Record<StageName, GivenContext> = {
  local: { stage: 'local' },
  dev: { stage: 'dev' },
  prod: { stage: 'prod', senderEmail: 'orders@example.com', alarmEmail: 'ops@example.com' },
};

const env = { account: '111111111111', region: 'us-east-1' };
const newApp = () => new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });

/** The stack of one stage as `cdk synth` makes it, without the functions' code. */
export const stackOf = (stage: StageName, more: Partial<GivenContext> = {}) => {
  const app = newApp();
  const stack = new OrderSystemStack(app, 'OrderSystemStack', {
    config: readConfig({ ...given[stage], ...more }),
    build: 'abc',
    env,
  });
  return { app, stack };
};

/** The second app's stack, in the same way. */
export const storefrontOf = (stage: StageName, where: Environment = env) => {
  const app = newApp();
  return { app, stack: new StorefrontStack(app, 'StorefrontStack', { config: readConfig(given[stage]), env: where }) };
};

type Node = ReturnType<Template['findResources']>[string];
export type Resource = { readonly id: string; readonly type: string; readonly properties: Node; readonly whole: Node };

/** The logical ID that a `Ref` or an attribute names, whatever is joined around it; the text of a literal. */
export const referenced = (value: Node[string]): string => {
  if (typeof value === 'string') return value;
  if (value?.Ref !== undefined) return value.Ref;
  if (value?.['Fn::GetAtt'] !== undefined) return value['Fn::GetAtt'][0];
  const [, parts = []] = value?.['Fn::Join'] ?? [];
  return parts.map(referenced).join('');
};

/** A stack's template, with its resources to look up by type, ID or name. */
export const inspect = ({ app, stack }: { readonly app: App; readonly stack: Stack }) => {
  const template = Template.fromStack(stack);
  const all: Resource[] = Object.entries<Node>(template.toJSON().Resources).map(([id, whole]) => ({
    id,
    type: whole.Type,
    properties: whole.Properties ?? {},
    whole,
  }));
  const ofType = (type: string) => all.filter((resource) => resource.type === `AWS::${type}`);
  const byId = (id: string): Resource => {
    const found = all.find((resource) => resource.id === id);
    if (found === undefined) throw new Error(`no resource ${id}`);
    return found;
  };
  const nameOf = ({ id, properties }: Resource): string =>
    properties.TableName ?? properties.QueueName ?? properties.TopicName ?? id;
  const named = (name: string): Resource => {
    const found = all.find((resource) => nameOf(resource) === name);
    if (found === undefined) throw new Error(`no resource is named ${name}`);
    return found;
  };
  /** The physical name of what a reference points at, the logical ID of what has none. */
  const target = (value: Node[string]): string => {
    const id = referenced(value);
    const found = all.find((resource) => id === resource.id);
    return found === undefined ? id : nameOf(found);
  };
  /** Every function of ours by the file of its handler: `order/place-order`. */
  const functions = stack.node
    .findAll()
    .filter((construct): construct is ServiceFunction => construct instanceof ServiceFunction)
    .map((handler) => {
      const id = stack.getLogicalId(handler.node.defaultChild as CfnResource);
      return { label: handler.label, resource: byId(id) };
    });
  const functionOf = (value: Node[string]): string =>
    functions.find(({ resource }) => resource.id === referenced(value))?.label ?? referenced(value);
  /** What the role that a reference points at may do. */
  const statementsOf = (role: Node[string]): Node[] =>
    (all.find(({ id }) => id === referenced(role))?.properties.Policies ?? []).flatMap(
      ({ PolicyDocument }: Node) => PolicyDocument.Statement,
    );
  return { app, stack, template, all, statementsOf, ofType, byId, named, target, functions, functionOf };
};

/** The template of one stage of the order system. */
export const synthesize = (stage: StageName, more: Partial<GivenContext> = {}) => inspect(stackOf(stage, more));
