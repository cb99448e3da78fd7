import { readFileSync } from 'node:fs';
import { synthesize } from './synthesize';

const { ofType, target, functionOf, functions } = synthesize('prod');

const alarms = ofType('CloudWatch::Alarm').map(({ properties }) => properties);
const alarm = (name: string) => {
  const found = alarms.find(({ AlarmName }) => AlarmName === name);
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found;
};
type Node = (typeof alarms)[number];
type Expected = { metric: string; threshold: number; periods: number; nameOf: (value: Node) => string };

/** An alarm over several that are ill once they reach a threshold, and not without data. */
const reaching = { noData: 'notBreaching', valueOf: (sum: string, _all: number) => sum };

/** An alarm over several that are ill until they reach it, and without data. */
const missing = { noData: 'breaching', valueOf: (sum: string, all: number) => `${all} - ${sum}` };

/** What an alarm over several watches, each by the name that its description gives for the value that it adds. */
const watchedBy = (group: Node, { metric, threshold, periods, nameOf }: Expected, how = reaching): string[] => {
  expect(group).toMatchObject({ Threshold: 1, EvaluationPeriods: periods, TreatMissingData: how.noData });
  expect(group.ComparisonOperator).toBe('GreaterThanOrEqualToThreshold');
  const metrics: Node[] = group.Metrics;
  const stats = metrics.filter(({ MetricStat }) => MetricStat !== undefined);
  const sum = metrics.find(({ ReturnData }) => ReturnData === true);
  expect(metrics).toHaveLength(stats.length + 1);
  expect(stats.length).toBeLessThanOrEqual(10); // CloudWatch's limit
  const parts = stats.map(({ Id }, index) => `IF(${Id} >= ${threshold}, ${2 ** index}, 0)`);
  expect(sum?.Expression).toBe(how.valueOf(`SUM([${parts.join(', ')}])`, 2 ** stats.length - 1));
  return stats.map(({ MetricStat: { Metric, Stat, Period } }, index) => {
    const [dimension] = Metric.Dimensions;
    expect([Metric.Namespace, Metric.MetricName, Stat, Period, dimension.Name].join(' ')).toBe(metric);
    const name = nameOf(dimension.Value);
    expect(group.AlarmDescription).toMatch(new RegExp(`[ ,]${2 ** index} ${name}(,|$)`));
    return name;
  });
};

const dimensionsOf = ({ Dimensions }: (typeof alarms)[number]) =>
  Dimensions.map(({ Name, Value }: { Name: string; Value: never }) => [Name, functionOf(Value)]);

const runbook = readFileSync('docs/operations/runbook.md', 'utf8');
const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);

describe('the runbook', () => {
  test('has one section for each kind of alarm, and for what operators do without one', () => {
    const kinds = new Set(alarms.map(({ AlarmName }) => AlarmName.split(': ')[0]));
    const others = ['Replaying events', 'The first deployment failed', 'A lost authenticator app', 'Rotating secrets'];
    expect([...kinds, ...others].sort()).toEqual([...headings].sort());
  });

  test('is where the description of each alarm leads', () => {
    for (const { AlarmName, AlarmDescription } of alarms) {
      const anchor = AlarmName.split(': ')[0].toLowerCase().replaceAll(' ', '-');
      expect(AlarmDescription.split('. ')[0]).toBe(`docs/operations/runbook.md#${anchor}`);
    }
  });

  test.each(headings)('%s: says what it means, what to look at and what to do', (heading) => {
    const [, section = ''] = runbook.split(`\n## ${heading}\n`);
    const [own = ''] = section.split('\n## ');
    for (const part of ['**Means**: ', '**Look at**: ', '**Do**:']) expect(own).toContain(part);
  });
});

describe('what is watched', () => {
  const consumerQueues = [
    'alert-deadline-queue',
    'alert-queue',
    'archive-queue',
    'billing-queue',
    'catalog-stock-queue',
    'erasure-queue',
    'inventory-catalog-queue',
    'inventory-queue',
    'inventory-return-queue',
    'live-queue',
    'notification-queue',
    'order-copy-queue',
    'order-payment-queue',
    'order-saga-queue',
    'payment-queue',
    'return-order-queue',
    'sys-pay-alert-queue',
  ];
  const relays = [
    'alert/relay-alert-events',
    'catalog/relay-catalog-events',
    'identity/relay-tenant-events',
    'identity/relay-user-events',
    'inventory/relay-inventory-events',
    'order/relay-order-events',
    'payment/relay-payment-events',
    'privacy/relay-privacy-events',
    'return/relay-return-events',
  ];
  const deadLetterQueues = [
    'alert-relay-dlq',
    'catalog-relay-dlq',
    'inventory-relay-dlq',
    'order-processing-dlq',
    'order-relay-dlq',
    'payment-relay-dlq',
    'privacy-relay-dlq',
    'return-relay-dlq',
    'tenant-relay-dlq',
    'user-relay-dlq',
  ];

  test.each([
    ['Function is throttled', 'Throttles'], // the quota is the account's
    ['Function fails', 'Errors'], // a few in each of many functions
  ])('%s: %s of all functions of the account together', (heading, metric) => {
    const watching = alarm(`${heading}: account`);
    expect(watching).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: metric, Statistic: 'Sum' });
    expect(watching.Dimensions).toBeUndefined();
  });

  test('the dead-letter queue that all share has an alarm of its own: it may hold something for days', () => {
    const shared = alarm('Dead-letter queue is not empty: order-processing-dlq');
    expect(shared).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      EvaluationPeriods: 1,
    });
    expect(dimensionsOf(shared)).toEqual([['QueueName', 'order-processing-dlq']]);
  });

  const mails = ['alert-mails-dlq', 'operations-alarms-dlq'];
  const queueOf = (value: Node) => target(value);
  const oldest = 'AWS/SQS ApproximateAgeOfOldestMessage Maximum 60 QueueName';
  const visible = 'AWS/SQS ApproximateNumberOfMessagesVisible Maximum 60 QueueName';
  const age = 'AWS/Lambda IteratorAge Maximum 60 FunctionName';
  const errors = 'AWS/Lambda Errors Sum 300 FunctionName';

  test.each([
    ['Messages wait too long', oldest, 300, 3, consumerQueues, queueOf],
    [
      'Dead-letter queue is not empty',
      visible,
      1,
      1,
      [...deadLetterQueues, ...mails].filter((name) => name !== 'order-processing-dlq').sort(),
      queueOf,
    ],
    ['Relay lags behind', age, 60_000, 3, relays, functionOf],
    ['Function fails', errors, 3, 1, functions.map(({ label }) => label).sort(), functionOf],
  ])('%s: %s of every one of them, and its value says which', (heading, metric, threshold, periods, names, nameOf) => {
    const named = alarms
      .filter(({ AlarmName, Metrics }) => AlarmName.startsWith(`${heading}: `) && Metrics !== undefined)
      .flatMap((group) => watchedBy(group, { metric, threshold, periods, nameOf }));
    expect(named.sort()).toEqual(names);
  });

  test('the API: one failing request in a hundred, or one in a hundred that takes two seconds', () => {
    const own = { Namespace: 'AWS/ApiGateway' };
    expect(alarm('API answers 5xx: order-system')).toMatchObject({
      ...own,
      MetricName: '5XXError',
      Statistic: 'Average',
      Threshold: 0.01,
    });
    expect(alarm('API is slow: order-system')).toMatchObject({
      ...own,
      MetricName: 'Latency',
      ExtendedStatistic: 'p99',
      Threshold: 2000,
    });
    const stage = ofType('ApiGateway::Stage')[0]?.id;
    for (const name of ['API answers 5xx: order-system', 'API is slow: order-system'])
      expect(dimensionsOf(alarm(name))).toEqual([
        ['ApiName', 'order-system'],
        ['Stage', stage],
      ]);
  });

  test('every sweep runs at all, no data is no run, and the value says which does not', () => {
    const runs = {
      metric: 'AWS/Lambda Invocations Sum 300 FunctionName',
      threshold: 1,
      periods: 1,
      nameOf: functionOf,
    };
    expect(watchedBy(alarm('Sweep stands still: order-system sweeps 1'), runs, missing)).toEqual([
      'order/sweep-due-orders',
      'payment/poll-payments',
      'alert/check-deadlines',
      'privacy/sweep-erasures',
    ]);
  });
});

/** The metric that a function of a service writes, as CloudWatch will know it. */
const written = async (service: string, metric: 'StockShort' | 'SweepFinds') => {
  const before = { ...process.env };
  const { POWERTOOLS_METRICS_NAMESPACE } = functions[0]?.resource.properties.Environment.Variables ?? {};
  Object.assign(process.env, {
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE,
    POWERTOOLS_METRICS_DISABLED: 'false',
  });
  jest.resetModules(); // the service's name is read when the module is loaded
  const lines: string[] = [];
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const { count } = await import('../../lambda/kernel/metrics');
  count(metric, 1);
  stdout.mockRestore();
  process.env = before;
  const { _aws, ...values } = JSON.parse(lines.find((line) => line.includes('_aws')) ?? '');
  const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
  const dimensions = Dimensions[0].map((name: string) => [name, values[name]]);
  return { Namespace, MetricName: Metrics[0].Name, Dimensions: dimensions };
};

test.each([
  ['S0-25 S4-29', 'Stock is short: inventory', 'inventory', 'StockShort'],
  ['P11', 'Sweep finds many orders: orders', 'order', 'SweepFinds'],
] as const)('%s %s reads the metric that its service writes', async (_promise, name, service, metric) => {
  const { Namespace, MetricName, Statistic } = alarm(name);
  expect(Statistic).toBe('Sum');
  const read = { Namespace, MetricName, Dimensions: dimensionsOf(alarm(name)) };
  expect(read).toEqual(await written(service, metric));
});

test('S0-25 one order that is short of stock is enough', () => {
  expect(alarm('Stock is short: inventory')).toMatchObject({ Threshold: 1, EvaluationPeriods: 1 });
});

test('a local AWS has no alarms and no dashboard: it takes neither, and nobody would look', () => {
  for (const type of ['Alarm', 'CompositeAlarm', 'Dashboard'])
    expect([type, synthesize('local').ofType(`CloudWatch::${type}`)]).toEqual([type, []]);
});

describe('who is told', () => {
  test('nobody on a local AWS and dev, unless the command line names somebody', () => {
    for (const stage of ['local', 'dev'] as const)
      for (const { properties } of synthesize(stage).ofType('CloudWatch::Alarm'))
        expect(properties.AlarmActions).toBeUndefined();
  });

  test('prod notifies operations of every alarm', () => {
    const prod = synthesize('prod');
    const names = prod.ofType('CloudWatch::Alarm').map(({ properties }) => properties.AlarmName);
    expect(names).toContain('Dead-letter queue is not empty: order-system queues 1');
    for (const { properties } of prod.ofType('CloudWatch::Alarm'))
      expect(properties.AlarmActions.map(prod.target)).toEqual(['operations-alarms']);
    const policy = prod
      .ofType('SNS::TopicPolicy')
      .find(({ properties }) => prod.target(properties.Topics[0]) === 'operations-alarms');
    expect(policy?.properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
      }),
    );
  });
});

/** A metric of a graph: its name, its dimensions and its options. */
type Row = readonly (string | { readonly label?: string; readonly stat?: string })[];

type Graph = {
  readonly title: string;
  readonly period: number;
  readonly stat: string;
  readonly metrics: readonly Row[];
};

/** The graphs of the dashboard by their titles, each row whole: `...` stands for all of the row before but the last part. */
const graphs = () => {
  const [dashboard] = ofType('CloudWatch::Dashboard');
  const parts: Node[] = dashboard?.properties.DashboardBody['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : `\${${functionOf(part)}}`)).join('');
  const { widgets }: { widgets: { properties: Graph }[] } = JSON.parse(text);
  return Object.fromEntries(
    widgets.map(({ properties: { title, period, stat, metrics } }) => {
      let before: Row = [];
      const rows = metrics.map((row) => {
        const named = row.filter((part) => typeof part === 'string');
        before = named[0] === '...' ? [...before.slice(0, -1), ...named.slice(1)] : named;
        const options = row.find((part) => typeof part === 'object') ?? {};
        return [...before, options.label, period, options.stat ?? stat];
      });
      return [title, rows];
    }),
  );
};

describe('S1-36 S2-41 S3-57 health and metrics: one dashboard shows the way of the orders', () => {
  const shown = graphs();

  test('by the minute, each with what it shows', () => {
    expect(Object.keys(shown)).toEqual([
      'Orders',
      'API errors',
      'API latency (ms)',
      'Age of the oldest message (s)',
      'Relay lag (ms)',
      'Dead letters',
      'Short stock and sweep finds',
      'Function errors',
      'Function throttles',
    ]);
    expect(shown.Orders).toEqual([
      ['OrderSystem', 'OrdersAccepted', 'service', 'order', 'OrdersAccepted', 60, 'Sum'],
      ['OrderSystem', 'OrdersRefused', 'service', 'order', 'OrdersRefused', 60, 'Sum'],
    ]);
    const stage = `\${${ofType('ApiGateway::Stage')[0]?.id}}`;
    expect(shown['API latency (ms)']).toEqual([
      ['AWS/ApiGateway', 'Latency', 'ApiName', 'order-system', 'Stage', stage, 'p50', 60, 'p50'],
      ['AWS/ApiGateway', 'Latency', 'ApiName', 'order-system', 'Stage', stage, 'p99', 60, 'p99'],
    ]);
  });

  test.each([
    ['Function errors', 'Errors'],
    ['Function throttles', 'Throttles'],
  ])('%s of every function, by its name', (title, metric) => {
    const rows = functions.map(({ label }) => [
      ...['AWS/Lambda', metric, 'FunctionName', `\${${label}}`],
      ...[label, 60, 'Sum'],
    ]);
    expect(shown[title]).toHaveLength(rows.length);
    expect(shown[title]).toEqual(expect.arrayContaining(rows));
  });

  test('every queue by the name that it has', () => {
    const queues = ofType('SQS::Queue').map(({ properties }) => properties);
    const names = (title: string) => shown[title]?.map(([, , , name]) => name).sort();
    const namesOf = (some: typeof queues) => some.map(({ QueueName }) => QueueName).sort();
    expect(names('Age of the oldest message (s)')).toEqual(namesOf(queues.filter((one) => one.RedrivePolicy)));
    expect(names('Dead letters')).toEqual(namesOf(queues.filter((one) => !one.RedrivePolicy)));
  });
});
