import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { type StageName, stackOf } from './stacks';

const findings = (app: App, pack: NagPack) =>
  pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );

type Accepted = { readonly id: string; readonly reason: string };

const acceptedIn = (app: App): Accepted[] =>
  app.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<string>(data).map(([id, reason]) => ({ id, reason })));

describe.each<[StageName]>([['local'], ['dev'], ['prod']])('the stack of stage %s', (stage) => {
  const { app } = stackOf(stage);

  test('P17 cdk-nag AwsSolutions finds nothing', () => {
    expect(findings(app, new AwsSolutionsChecks(app))).toEqual([]);
  });

  test('P17 cdk-nag Serverless finds nothing', () => expect(findings(app, new ServerlessChecks(app))).toEqual([]));

  test('P17 at most ten suppressions, each with a reason', () => {
    const reasons = new Set(acceptedIn(app).map(({ reason }) => reason));
    expect(reasons.size).toBeGreaterThan(0);
    expect(reasons.size).toBeLessThanOrEqual(10);
    for (const reason of reasons) expect(reason).toMatch(/^\w.{25,}\.$/);
  });
});
