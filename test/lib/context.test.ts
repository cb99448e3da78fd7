import { context as ofTheCdk } from '../../cdk.json';
import { configOf, readContext } from '../../lib/context';
import { contextNames } from '../../lib/names';

const nodeWith = (given: Readonly<Record<string, unknown>>) => ({
  tryGetContext: (name: string) => given[name],
  getAllContext: () => ({ ...ofTheCdk, ...given }),
});

test.each([
  ['Stage', 'did you mean stage?'],
  ['senderemail', 'did you mean senderEmail?'],
  ['servces', `there are ${contextNames.join(', ')}`],
  ['toString', 'there are stage, '],
])('a setting that is misspelt as %s is refused', (name, hint) => {
  const read = () => readContext(nodeWith({ [name]: 'prod' }), undefined);
  expect(read).toThrow(`-c ${name}: there is no such setting; ${hint}`);
});

test('what the CDK and its users put into the context is theirs', () => {
  const theirs = {
    'availability-zones:account=1:region=us-east-1': [],
    'aws:cdk:bundling-stacks': [],
    'acknowledged-issue-numbers': [1],
    'cli-telemetry': false,
  };
  expect(readContext(nodeWith({ ...theirs, stage: 'dev' }), undefined)).toMatchObject({ stage: 'dev' });
});

test('every setting that is read has its name in the list', () => {
  const asked: string[] = [];
  const node = nodeWith({});
  readContext({ ...node, tryGetContext: (name) => asked.push(name) }, undefined);
  expect([...asked, 'build'].sort()).toEqual([...contextNames].sort());
});

test('an app with wrong settings says so in one line, and fails', () => {
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const before = process.exitCode;
  try {
    expect(configOf(nodeWith({ stage: 'prd' }), {})).toBeUndefined();
    expect(write.mock.calls).toEqual([['-c stage=prd: must be one of local, dev, prod\n']]);
    expect(process.exitCode).toBe(1);
    expect(configOf(nodeWith({ stage: 'dev' }), {})).toMatchObject({ stage: 'dev' });
  } finally {
    process.exitCode = before;
    write.mockRestore();
  }
});
