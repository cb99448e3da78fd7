import * as lib from '../../../../lib/names';
import { bareName, nameIn, readStage, type Stage, stackNameOf } from '../../../../scripts/lib/system/stage';

const stages: readonly Stage[] = ['local', 'dev', 'prod'];

test('each stage has a stack of its own, and the local one the bare name', () => {
  expect(stages.map((stage) => stackNameOf(stage))).toEqual([
    'OrderSystemStack',
    'OrderSystemStack-dev',
    'OrderSystemStack-prod',
  ]);
  expect(stackNameOf('prod', 'StorefrontStack')).toBe('StorefrontStack-prod');
});

test('prod has the names of the requirements, and dev stands beside it', () => {
  expect(stages.map((stage) => nameIn(stage, 'orders'))).toEqual(['orders', 'dev-orders', 'orders']);
  for (const stage of stages) expect(bareName(stage, nameIn(stage, 'order-events'))).toBe('order-events');
  expect(bareName('prod', 'dev-orders')).toBe('dev-orders');
});

test('a stage that is not on AWS is refused', () => {
  expect(() => readStage('local')).toThrow('--stage "local": must be one of dev, prod');
});

test('what is deployed is named by the same rules', () => {
  for (const stage of stages) {
    expect(lib.stackNameOf(stage, 'OrderSystemStack')).toBe(stackNameOf(stage));
    expect(lib.nameIn(stage, 'orders')).toBe(nameIn(stage, 'orders'));
  }
});
