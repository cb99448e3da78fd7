import { readConfig } from '../../../lib/config';
import { isCreatedNew, isWhole } from '../../../scripts/local/deployment/stack';
import { chooseByOffer, complete } from '../../../scripts/local/offers';
import { awsWith, notIncluded, startFakeAws } from './fake-aws';

const given = { auth: undefined, live: undefined, services: undefined };
const configOf = (chosen: { auth: string | undefined; live: string | undefined; services: string | undefined }) => {
  const { auth, live, services } = readConfig({ stage: 'local', ...complete(chosen) });
  return { auth: auth.kind, live, services };
};

describe('what npm start deploys', () => {
  test('is everything', () => expect(configOf(given)).toEqual({ auth: 'cognito', live: true, services: 'all' }));

  test('is what --auth and --live leave', () =>
    expect(configOf({ ...given, auth: 'none', live: 'off' })).toEqual({ auth: 'none', live: false, services: 'all' }));

  test('is the core, without accounts and live status, with --services core', () =>
    expect(configOf({ ...given, services: 'core' })).toEqual({ auth: 'none', live: false, services: 'core' }));

  test('of the core needs no question to the local AWS', async () => {
    const { endpoint, signedFor, close } = await startFakeAws(awsWith({}, () => notIncluded));
    const offered = await chooseByOffer(endpoint, { ...given, services: 'core' }, 300);
    await close();
    expect({ ...offered, signedFor }).toEqual({ choice: { ...given, services: 'core' }, leftOut: [], signedFor: [] });
  });
});

const stack = (StackStatus: 'CREATE_COMPLETE') => ({ StackName: 's', CreationTime: new Date(0), StackStatus });

test.each([
  ['CREATE_COMPLETE', true, false],
  ['UPDATE_COMPLETE', true, false],
  ['UPDATE_ROLLBACK_COMPLETE', true, false],
  ['UPDATE_ROLLBACK_FAILED', false, false],
  ['UPDATE_IN_PROGRESS', false, false],
  ['ROLLBACK_COMPLETE', false, true],
  ['CREATE_FAILED', false, true],
])('a stack in %s is whole: %p, created new by a deployment: %p', (status, whole, createdNew) => {
  const found = stack(status as 'CREATE_COMPLETE');
  expect([isWhole(found), isCreatedNew(found)]).toEqual([whole, createdNew]);
});

test('a stack that is not there is created new', () => expect(isCreatedNew(undefined)).toBe(true));
