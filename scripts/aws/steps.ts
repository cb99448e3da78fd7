import type { Facts } from './facts';
import { needsBootstrap } from './findings';
import { conditionOf } from './stack-state';

/** One step of a deployment, in the order in which they are done. */
export type Step =
  | { readonly do: 'bootstrap' }
  | { readonly do: 'remove'; readonly stackName: string }
  /**
   * `first` creates something, and goes without deletion protection: a rollback cannot delete what is protected.
   * `protect` is the pass after it, which turns the protection on.
   */
  | { readonly do: 'deploy'; readonly app: string; readonly pass: 'first' | 'protect' | 'update' };

/** Returns what is to be done, in its order. */
export const stepsOf = (facts: Facts): Step[] => {
  const { planned, stacks, stage } = facts;
  const conditions = stacks.map(({ status }) => conditionOf(status));
  const apps = [...new Set(planned.map(({ app }) => app))];
  const isFirst = (app: string) => planned.some((stack, at) => stack.app === app && conditions[at] !== 'whole');
  const failed = stacks.filter((_, at) => conditions[at] === 'failed-first');
  return [
    ...(needsBootstrap(facts) ? [{ do: 'bootstrap' } as const] : []),
    ...failed.map(({ name }) => ({ do: 'remove', stackName: name }) as const),
    ...apps.flatMap((app): Step[] => {
      if (!isFirst(app)) return [{ do: 'deploy', app, pass: 'update' }];
      const first: Step = { do: 'deploy', app, pass: 'first' };
      return stage === 'prod' ? [first, { do: 'deploy', app, pass: 'protect' }] : [first];
    }),
  ];
};

const passes = {
  first: (app: string) =>
    `deploy ${app}, for the first time: without deletion protection, so that it can be taken back`,
  protect: (app: string) => `deploy ${app} again: turns deletion protection on`,
  update: (app: string) => `deploy ${app}`,
};

/** Returns a step in words. */
export const stepText = (step: Step, { account, region }: Pick<Facts, 'account' | 'region'>): string => {
  if (step.do === 'bootstrap') return `bootstrap CDK in aws://${account}/${region}`;
  if (step.do === 'remove') return `remove ${step.stackName}, which never got ready`;
  return passes[step.pass](step.app);
};
