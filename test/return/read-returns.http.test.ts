import { deliveredMice, mice } from '../support/returns';
import { returnsApi, type Who } from './routes';

/** Five returns of customer-1, one every second, of which the second is approved. */
const five = async () => {
  const api = returnsApi();
  await api.deliver(deliveredMice({ lines: [mice({ quantity: 9 })] }));
  for (const second of [1, 2, 3, 4, 5]) {
    api.clock.now = new Date(`2026-12-02T08:00:0${second}.000Z`);
    await api.ask();
  }
  await api.update('RET-000001-2', { status: 'APPROVED' });
  return api;
};

const ids = ({ body }: { body: { items: { returnId: string }[] } }) => body.items.map(({ returnId }) => returnId);

describe('GET /returns/{returnId}', () => {
  test.each<[Who, number]>([
    ['customer', 200],
    ['staff', 200],
    ['stranger', 404],
    ['otherStaff', 404],
  ])('P8 S3-24 asked by the %s answers %d', async (as, status) => {
    const api = await five();
    const answer = await api.get('RET-000001-2', { as });
    expect(answer.status).toBe(status);
    expect(answer.body.status === 'APPROVED').toBe(status === 200);
  });

  test('has the ETag of its version, and no body for whoever has that', async () => {
    const api = await five();
    expect((await api.get('RET-000001-2')).headers).toMatchObject({ etag: '"2"' });
    const known = await api.get('RET-000001-2', { headers: { 'if-none-match': '"2"' } });
    expect([known.status, known.body]).toEqual([304, undefined]);
    expect((await api.get('RET-000001-2', { headers: { 'if-none-match': '"1"' } })).status).toBe(200);
  });

  test.each(['RET-000001-9', 'RET-1', 'ORDER#ORD-000001', '../RET-000001-1', 'RET-000001-0', ''])(
    'P15 %p is unknown',
    async (returnId) => {
      const { status, body } = await (await five()).get(returnId);
      expect([status, body.title]).toEqual([404, 'ReturnNotFound']);
    },
  );
});

describe('GET /returns', () => {
  test('lists the newest first and goes on where the page before ended', async () => {
    const api = await five();
    const first = await api.list({ limit: '2' });
    expect(ids(first)).toEqual(['RET-000001-5', 'RET-000001-4']);
    const second = await api.list({ limit: '2', cursor: first.body.nextCursor });
    expect(ids(second)).toEqual(['RET-000001-3', 'RET-000001-2']);
    const last = await api.list({ limit: '2', cursor: second.body.nextCursor });
    expect([ids(last), last.body.nextCursor]).toEqual([['RET-000001-1'], undefined]);
  });

  test.each<[Who, number]>([
    ['customer', 5],
    ['staff', 5],
    ['stranger', 0],
    ['otherStaff', 0],
  ])('P8 the %s sees %d', async (as, number) => {
    expect(ids(await (await five()).list({}, as))).toHaveLength(number);
  });

  test.each(['APPROVED', 'approved'])('S3-27 lists those that are %s', async (status) => {
    const api = await five();
    expect(ids(await api.list({ status }))).toEqual(['RET-000001-2']);
    expect(ids(await api.list({ status }, 'customer'))).toEqual(['RET-000001-2']);
  });

  test.each<[string, Record<string, string>, Who]>([
    ['of another tenant', {}, 'otherStaff'],
    ['of another customer', {}, 'stranger'],
    ["of the tenant's list", {}, 'customer'],
    ['of another status', { status: 'REQUESTED' }, 'staff'],
  ])('P8 a cursor %s opens nothing', async (_what, query, as) => {
    const api = await five();
    const { nextCursor } = (await api.list({ limit: '2' })).body;
    const { status, body } = await api.list({ ...query, cursor: nextCursor }, as);
    expect([status, body.errors[0].pointer]).toEqual([400, '/query/cursor']);
  });

  test.each([
    [{ cursor: 'forged' }, '/query/cursor'],
    [{ cursor: '' }, '/query/cursor'],
    [{ limit: '0' }, '/query/limit'],
    [{ limit: '-1' }, '/query/limit'],
    [{ limit: '1000000000' }, '/query/limit'],
    [{ status: 'SHIPPED' }, '/query/status'],
    [{ userId: 'customer-2' }, '/query/userId'],
  ])('P15 the query %j is refused', async (query, pointer) => {
    const { status, body } = await (await five()).list(query as Record<string, string>);
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  });
});
