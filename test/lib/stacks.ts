import { App, type CfnResource, type Environment, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { type GivenContext, readConfig } from '../../lib/config';
import { ServiceFunction } from '../../lib/constructs/service-function';
import { OrderSystemStack } from '../../lib/order-system.stack';
import { StorefrontStack } from '../../lib/storefront.stack';

export type StageName = 'local' | 'dev' | 'prod';

type Node = ReturnType<Template['findResources']>[string];

/** What becomes of a stack. */
export type Synthesized = {
  readonly stackName: string;
  readonly isProtected: boolean;
  readonly template: { readonly Resources: Record<string, Node>; readonly Outputs?: Record<string, Node> };
  /** The logical ID of the function that is made of each handler: `order/place-order`. */
  readonly handlers: readonly { readonly label: string; readonly id: string }[];
  /** What the CDK says of it to whoever deploys. */
  readonly notes: readonly string[];
};

const given: Record<StageName, GivenContext> = {
  local: { stage: 'local' },
  dev: { stage: 'dev' },
  prod: { stage: 'prod', senderEmail: 'orders@example.com', alarmEmail: 'ops@example.com' },
};

const env = { account: '111111111111', region: 'us-east-1' };
const newApp = () =>
  new App({ context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true } });

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

/** Synthesizes a stack. */
export const synthesized = (stack: Stack): Synthesized => ({
  stackName: stack.stackName,
  isProtected: stack.terminationProtection ?? false,
  template: Template.fromStack(stack).toJSON() as Synthesized['template'],
  handlers: stack.node
    .findAll()
    .filter((construct): construct is ServiceFunction => construct instanceof ServiceFunction)
    .map(({ label, node }) => ({ label, id: stack.getLogicalId(node.defaultChild as CfnResource) })),
  notes: Annotations.fromStack(stack)
    .findInfo('*', Match.anyValue())
    .map(({ entry }) => String(entry.data)),
});
