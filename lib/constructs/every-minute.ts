import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { accept } from './accept';
import type { ServiceFunction } from './service-function';

/** Returns the rule of a stack that fires every minute. */
const ruleOf = (stack: Stack): Rule => {
  const existing = stack.node.tryFindChild('EveryMinute');
  if (existing instanceof Rule) return existing;
  const rule = new Rule(stack, 'EveryMinute', { schedule: Schedule.rate(Duration.minutes(1)) });
  accept(rule, 'A lost run needs no queue: the next one does its work.', 'Serverless-EventBusDLQ');
  return rule;
};

/** Runs `handler` every minute, by one rule for all such functions of a stack. EventBridge takes five for a rule. */
export const runEveryMinute = (handler: ServiceFunction): void =>
  ruleOf(Stack.of(handler)).addTarget(new LambdaFunction(handler, { retryAttempts: 0 })); // the next run is the retry
