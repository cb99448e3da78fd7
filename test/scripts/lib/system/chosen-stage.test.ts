import { chosenStage } from '../../../../scripts/lib/system/chosen-stage';
import { freshAccount, openFakeAws } from '../../aws/fake-aws';

let aws: Awaited<ReturnType<typeof openFakeAws>>;
beforeAll(async () => {
  aws = await openFakeAws();
});
afterAll(() => aws.close());

const deployed = (...stages: string[]) => {
  const stacks = stages.map((stage) => [`OrderSystemStack-${stage}`, { status: 'UPDATE_COMPLETE', stage }]);
  aws.become(freshAccount({ stacks: Object.fromEntries(stacks) }));
};

describe('A3 the stage that a script works on', () => {
  test.each(['dev', 'prod'])('is the only one that is deployed: %s', async (stage) => {
    deployed(stage);
    expect(await chosenStage(aws.access, undefined)).toBe(stage);
  });

  test('is never guessed when both are deployed', async () => {
    deployed('dev', 'prod');
    await expect(chosenStage(aws.access, undefined)).rejects.toThrow(
      '--stage: dev and prod are both deployed on AWS (ap-northeast-1): say which.',
    );
    expect(await chosenStage(aws.access, 'dev')).toBe('dev');
  });

  test('is told to be deployed when there is none', async () => {
    deployed();
    await expect(chosenStage(aws.access, undefined)).rejects.toThrow('npm run deploy -- --help');
  });

  test('must be one that goes to AWS', async () => {
    await expect(chosenStage(aws.access, 'local')).rejects.toThrow('--stage "local": must be one of dev, prod');
  });
});
