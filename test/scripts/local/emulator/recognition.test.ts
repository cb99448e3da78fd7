import { whyNot } from '../../../../scripts/local/emulator/local-aws';
import { recognise } from '../../../../scripts/local/emulator/recognition';
import { awsWith, type Replies, startFakeAws } from '../fake-aws';

const timeoutMs = 300;

const found = async (replies: Replies) => {
  const { endpoint, close } = await startFakeAws(replies);
  try {
    return await recognise(endpoint, timeoutMs);
  } finally {
    await close();
  }
};

describe('a local AWS is recognised by a signed call, whatever its health is called', () => {
  test.each([
    ['MiniStack', { '/_ministack/health': '{"version":"1.5.33"}', '/_localstack/health': '{}' }, 'MiniStack 1.5.33'],
    ['LocalStack', { '/_localstack/health': '{"edition":"community","version":"4.14.0"}' }, 'LocalStack 4.14.0'],
    ['LocalEmu', { '/_localemu/health': '{"services":{}}', '/_localstack/health': '{"version":"4"}' }, 'LocalEmu'],
  ] as const)('P1 %s by its own name', async (flavour, health, name) => {
    expect(await found(awsWith(health))).toEqual({ kind: 'aws', flavour, name });
  });

  test('P5 one that is unknown is used under that name', async () => {
    expect(await found(awsWith({}))).toEqual({ kind: 'aws', flavour: 'unknown', name: 'an unknown local AWS' });
  });

  test('P5 one without STS by CloudFormation', async () => {
    const replies: Replies = (asked) => {
      if (asked === 'ListStacks') return { type: 'text/xml', body: '<ListStacksResponse/>' };
      return { status: asked.endsWith('/health') ? 404 : 501, body: '{"__type":"InternalFailure"}' };
    };
    expect(await found(replies)).toMatchObject({ kind: 'aws', flavour: 'unknown' });
  });

  test('the call is signed for sts', async () => {
    const { endpoint, signedFor, close } = await startFakeAws(awsWith({}));
    await recognise(endpoint);
    await close();
    expect(signedFor).toEqual(['sts']);
  });
});

describe('P4 what is no local AWS is said to be what it is', () => {
  const message = async (replies: Replies): Promise<string> => {
    const what = await found(replies);
    if (what.kind === 'aws') throw new Error('it was taken for an AWS');
    return whyNot('http://127.0.0.1:4566', what);
  };

  test('a program that answers HTTP', async () => {
    expect(await message(() => ({ type: 'text/html', body: '<h1>It works!</h1>' }))).toBe(
      'What answers at http://127.0.0.1:4566 is no AWS: a signed call of sts GetCallerIdentity gets "200 <h1>It works!</h1>".\nEnd it, or run the local AWS on another port: npm start -- --port 4567',
    );
  });

  test('a program that has a health page and nothing else', async () => {
    const replies: Replies = (asked) =>
      asked === '/_localstack/health' ? { body: '{}' } : { status: 405, body: 'no such method' };
    expect(await message(replies)).toContain('gets "405 no such method"');
  });

  test('a program that takes the connection and never answers', async () => {
    expect(await message(() => 'hang')).toBe(
      'http://127.0.0.1:4566 takes connections, but gives no answer within 300 ms.\nTry again when it has started.',
    );
  });

  test('nothing', async () => {
    const { endpoint, close } = await startFakeAws(() => 'hang');
    await close();
    const what = await recognise(endpoint, timeoutMs);
    expect(what).toEqual({ kind: 'nothing' });
    expect(whyNot(endpoint, { kind: 'nothing' })).toBe('No local AWS is running. Start it with: npm start');
  });
});
