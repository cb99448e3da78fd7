import { spawnSync } from 'node:child_process';
import { contextFlags, maxWords, options, readDeployment } from '../../../scripts/aws/arguments';
import { readArguments } from '../../../scripts/lib/command';
import { regionOf } from '../../../scripts/lib/system/chosen-stage';

const read = (line: string, known = {}) => {
  const { values, words } = readArguments(line.split(' '), options, { words: maxWords });
  return readDeployment(values, words, known);
};
const addresses = '--sender orders@shop.jp --alarms ops@shop.jp';

test('each flag becomes the context value that it stands for, and any other is given by its name', () => {
  expect(read(`--stage prod ${addresses} --cors https://shop.jp services=core --region eu-west-1 --yes`)).toEqual({
    stage: 'prod',
    context: {
      senderEmail: 'orders@shop.jp',
      alarmEmail: 'ops@shop.jp',
      corsOrigins: 'https://shop.jp',
      services: 'core',
    },
    region: 'eu-west-1',
    check: false,
    yes: true,
  });
  expect(Object.keys(options)).toEqual(expect.arrayContaining(Object.keys(contextFlags)));
});

test.each(['--check', '--dry-run'])('%s only looks', (flag) => expect(read(`--stage dev ${flag}`).check).toBe(true));

test.each([
  ['--yes', '--stage: must be given, dev or prod'],
  ['--stage local', '--stage "local": must be one of dev, prod'],
  ['--stage prod', 'stage prod needs --sender ADDRESS (the sender of customers’ mails) and --alarms ADDRESS'],
  ['--stage prod --sender a@b.jp', 'stage prod needs --alarms ADDRESS (who is told about alarms)'],
  ['--stage dev --sender orders', '--sender "orders": must be an e-mail address'],
  ['--stage dev --region 日本', '--region "日本": is not a region, such as ap-northeast-1'],
  ['--stage dev --region tokyo', '--region "tokyo": is not a region'],
  ['--stage dev core', '"core": must be a context value, name=value'],
  ['--stage dev stage=prod', '"stage=prod": say --stage'],
  ['--stage dev deletionProtection=off', '"deletionProtection=off": is set by itself'],
  ['--stage dev --live off live=on', 'live: is given as a flag and as live=on'],
  ['--stage dev build=1 build=2', 'build: may be given only once'],
  ['--stage dev senderemail=x', '"senderemail=x": there is no such setting; did you mean senderEmail? See --help.'],
  ['--stage dev colour=red', '"colour=red": there is no such setting; there are stage, senderEmail,'],
])('%s is refused: %s', (line, problem) => expect(() => read(line)).toThrow(problem));

test.each(['ap-northeast-1', 'us-gov-west-1', 'eusc-de-east-1', 'us-iso-east-1'])('%s is a region', (region) =>
  expect(read(`--stage dev --region ${region}`).region).toBe(region),
);
test('a value of the CDK’s own is given by its name', () => {
  expect(read('--stage dev aws-cdk:enableDiffNoFail=true').context).toEqual({ 'aws-cdk:enableDiffNoFail': 'true' });
});

test('an address that cdk.json has need not be given again', () => {
  expect(read('--stage prod --alarms ops@shop.jp', { senderEmail: 'orders@shop.jp' }).context).toEqual({
    alarmEmail: 'ops@shop.jp',
  });
});

describe('the region', () => {
  const none = async () => undefined;

  test('is the environment’s, else the profile’s', async () => {
    expect(await regionOf({ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'x' }, none)).toBe('eu-west-1');
    expect(await regionOf({ AWS_DEFAULT_REGION: 'eu-west-2' }, none)).toBe('eu-west-2');
    expect(await regionOf({}, async () => 'ap-northeast-1')).toBe('ap-northeast-1');
  });

  test('is never guessed', async () => {
    await expect(regionOf({}, none)).rejects.toThrow('No region: set AWS_REGION');
  });
});

describe('npm run deploy', () => {
  const run = (args: readonly string[], more: NodeJS.ProcessEnv) => {
    const env = { PATH: process.env.PATH, HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true', ...more };
    const { status, stdout, stderr } = spawnSync('bash', ['scripts/run.sh', 'deploy', ...args], {
      encoding: 'utf8',
      env,
    });
    return { status, text: stdout + stderr };
  };

  test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'])('refuses %s, and names the way to a local AWS', (name) => {
    const { status, text } = run(['--stage', 'dev'], { [name]: 'http://127.0.0.1:4566' });
    expect(status).toBe(2);
    expect(text).toContain(`${name} leads to http://127.0.0.1:4566, and this command deploys to AWS: unset it.`);
    expect(text).toContain('npm start');
    expect(text).toContain('npx cdklocal deploy');
  });

  test('refuses a value that there is not, before it asks AWS', () => {
    const { status, text } = run(['--stage', 'dev', 'senderemail=x'], {});
    expect(status).toBe(2);
    expect(text).toContain('"senderemail=x": there is no such setting; did you mean senderEmail? See --help.');
  });

  test('says what to do without credentials', () => {
    const { status, text } = run(['--stage', 'dev', '--region', 'eu-west-1'], {});
    expect(status).toBe(1);
    expect(text).toContain('AWS does not know who you are (CredentialsProviderError');
  });

  test('has a help text that names every flag', () => {
    const { status, text } = run(['--help'], {});
    expect(status).toBe(0);
    for (const name of Object.keys(options)) expect(text).toContain(`--${name}`);
  });
});
