import { Template } from 'aws-cdk-lib/assertions';
import { orderLists, placeOrder, scheduled, waitedFor } from '../../bench/assembly';
import { consumedQueues, flowFunctions } from '../../bench/flow';
import { billedMs } from '../../bench/prices';
import { benchApp } from '../../bench/stacks';
import { workQueues } from '../../bench/whole-run';
import { benchApiId, naiveFanOut, rawFanOut, yardstickPaths } from '../../bench/yardsticks/bench.stack';
import { stackOf } from '../lib/stacks';

const most = 500; // what CloudFormation takes in a stack, and the emulator too

const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
const { app, system, bench } = benchApp({ 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true });
app.synth();
const said = write.mock.calls.map(([line]) => String(line)).join('');
write.mockRestore();

const templates = { OrderSystemStack: Template.fromStack(system), BenchStack: Template.fromStack(bench) };
type Resource = { Type: string; Properties: Record<string, unknown>; Metadata: Record<string, unknown> };
const resources = ({ toJSON }: { toJSON: () => unknown }) =>
  Object.values((toJSON() as { Resources: Record<string, Resource> }).Resources);
const all = (name: keyof typeof templates) => resources({ toJSON: () => templates[name].toJSON() });
const named = (name: keyof typeof templates, tableName: string) =>
  all(name).find(({ Properties }) => Properties?.TableName === tableName)?.Properties ?? {};

test.each(['OrderSystemStack', 'BenchStack'] as const)('F-42 %s fits: it has less than 500 resources', (name) => {
  expect(all(name).length).toBeGreaterThan(10);
  expect(all(name).length).toBeLessThan(most);
});

test('F-42 the stacks of the bench are synthesized without an error or a warning', () => expect(said).toBe(''));

test('the order system beside its yardsticks has the resources that a local deployment has', () => {
  const kindsOf = (found: readonly Resource[]) => found.map(({ Type }) => Type).sort();
  const deployed = Template.fromStack(stackOf('local').stack).toJSON() as { Resources: Record<string, Resource> };
  expect(kindsOf(all('OrderSystemStack'))).toEqual(kindsOf(Object.values(deployed.Resources)));
});

const pathsOf = (name: keyof typeof templates) =>
  all(name)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Metadata }) =>
      String(Metadata['aws:cdk:path'])
        .replace(/^[^/]+\//, '')
        .replace(/\/Resource$/, ''),
    );

test.each([
  placeOrder,
  orderLists,
  ...Object.values(waitedFor),
  ...Object.values(scheduled),
  ...flowFunctions,
  ...Object.keys(billedMs),
])('what a goal measures is there: the function %s', (path) => {
  expect(pathsOf('OrderSystemStack')).toContain(path);
});

test.each([...workQueues, ...consumedQueues])('what a goal waits for is there: the queue %s', (queue) => {
  expect(all('OrderSystemStack').map(({ Properties }) => Properties?.QueueName)).toContain(queue);
});

test.each(['orders', 'order-products', 'inventory', 'reservations', 'stock-movements', 'billing', 'notifications'])(
  'what a goal fills or counts is there: the table %s',
  (table) => expect(named('OrderSystemStack', table)).toHaveProperty('KeySchema'),
);

test('every yardstick has a function', () => {
  const consumers = [...rawFanOut.queueNames, ...naiveFanOut.queueNames].map((queue) => `Consume-${queue}`);
  expect(pathsOf('BenchStack').sort()).toEqual([...Object.values(yardstickPaths), ...consumers].sort());
});

test('the yardsticks answer behind an API of their own, whose ID is pinned', () => {
  const [api] = all('BenchStack').filter(({ Type }) => Type === 'AWS::ApiGateway::RestApi');
  expect(api?.Properties.Tags).toContainEqual({ Key: 'ms-custom-id', Value: benchApiId });
  const paths = Object.keys(yardstickPaths).map((path) => [
    `/${path}`,
    expect.objectContaining({ post: expect.anything() }),
  ]);
  expect(api?.Properties.Body).toMatchObject({ paths: Object.fromEntries(paths) });
});

test('the floor writes into a table with the keys, indexes and stream of the orders', () => {
  const of = ({
    KeySchema,
    GlobalSecondaryIndexes,
    AttributeDefinitions,
    StreamSpecification,
  }: Record<string, unknown>) => ({
    KeySchema,
    GlobalSecondaryIndexes,
    AttributeDefinitions,
    StreamSpecification,
  });
  const floor = of(named('BenchStack', 'floor-orders'));
  expect(floor).toEqual(of(named('OrderSystemStack', 'orders')));
  expect(floor.GlobalSecondaryIndexes).toHaveLength(4);
  expect(floor.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
});
