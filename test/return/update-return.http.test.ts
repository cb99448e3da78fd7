import { deliveredMice } from '../support/returns';
import { returnsApi } from './routes';

const requested = async () => {
  const api = returnsApi();
  await api.deliver(deliveredMice());
  await api.ask({ quantity: 2 });
  return api;
};

describe('PATCH /returns/{returnId}', () => {
  test('S3-27 staff approves and completes a return; the goods are back then', async () => {
    const api = await requested();
    const approved = await api.update('RET-000001-1', { status: 'APPROVED' });
    expect([approved.status, approved.body.status, approved.headers.etag]).toEqual([200, 'APPROVED', '"2"']);
    expect(approved.body).not.toHaveProperty('returnedAt');
    api.clock.now = new Date('2026-12-08T08:00:00.000Z');
    const completed = await api.update('RET-000001-1', { status: 'COMPLETED' });
    expect(completed.body).toMatchObject({ status: 'COMPLETED', returnedAt: '2026-12-08T08:00:00.000Z', version: 3 });
  });

  test('a rejected return gives its pieces back to be returned', async () => {
    const api = await requested();
    expect((await api.ask()).status).toBe(409);
    await api.update('RET-000001-1', { status: 'rejected' });
    expect((await api.ask({ quantity: 2 })).body.returnId).toBe('RET-000001-2');
  });

  test.each([
    ['REQUESTED', [], 'completed', 'Cannot transition from requested to completed'],
    ['APPROVED', ['APPROVED'], 'approved', 'Cannot transition from approved to approved'],
    ['REJECTED', ['REJECTED'], 'approved', 'Cannot transition from rejected to approved'],
    ['COMPLETED', ['APPROVED', 'COMPLETED'], 'rejected', 'Cannot transition from completed to rejected'],
  ])('S3-27 a bad transition of a return that is %s is refused with its names', async (_from, before, to, detail) => {
    const api = await requested();
    for (const status of before) await api.update('RET-000001-1', { status });
    const { status, body } = await api.update('RET-000001-1', { status: to });
    expect([status, body.title, body.detail]).toEqual([400, 'InvalidTransition', detail]);
  });

  test('a version that is not the newest is refused with the newest', async () => {
    const api = await requested();
    await api.update('RET-000001-1', { status: 'APPROVED', version: 1 });
    const { status, body } = await api.update('RET-000001-1', { status: 'COMPLETED', version: 1 });
    expect([status, body.title, body.error, body.currentVersion]).toEqual([
      409,
      'VersionMismatch',
      'VersionMismatchError',
      2,
    ]);
  });

  test('an ETag that is not the newest is refused', async () => {
    const api = await requested();
    await api.update('RET-000001-1', { status: 'APPROVED' }, { headers: { 'if-match': '"1"' } });
    const stale = await api.update('RET-000001-1', { status: 'COMPLETED' }, { headers: { 'if-match': '"1"' } });
    expect([stale.status, stale.body.title, stale.body.currentVersion]).toEqual([412, 'PreconditionFailed', 2]);
  });

  test('of ten that complete and reject a return at once one takes effect', async () => {
    const api = await requested();
    await api.update('RET-000001-1', { status: 'APPROVED' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        api.update('RET-000001-1', { status: index % 2 === 0 ? 'COMPLETED' : 'REJECTED' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(9);
  });

  test('two returns of one order may be completed at once, and the last one knows that it is the last', async () => {
    const api = returnsApi();
    await api.deliver(deliveredMice());
    const ids = [(await api.ask()).body.returnId, (await api.ask()).body.returnId];
    for (const id of ids) await api.update(id, { status: 'APPROVED' });
    const answers = await Promise.all(ids.map((id) => api.update(id, { status: 'COMPLETED' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const full = (await api.all()).map(({ fact }) => 'orderFullyReturned' in fact && fact.orderFullyReturned);
    expect(full.sort()).toEqual([false, true]);
  });

  test.each([['customer'], ['stranger']] as const)('P8 a %s may not', async (as) => {
    const api = await requested();
    const { status, body } = await api.update('RET-000001-1', { status: 'APPROVED' }, { as });
    expect([status, body.title]).toEqual([403, 'Forbidden']);
  });

  test.each([
    ["P8 another tenant's", 'RET-000001-1', 'otherStaff'],
    ['an unknown', 'RET-000001-2', 'staff'],
    ['a misnamed', 'ORDER#ORD-000001', 'staff'],
  ] as const)('%s return is unknown', async (_whose, returnId, as) => {
    const api = await requested();
    const { status, body } = await api.update(returnId, { status: 'APPROVED' }, { as });
    expect([status, body.title]).toEqual([404, 'ReturnNotFound']);
  });

  test.each([
    ['REQUESTED', { status: 'REQUESTED' }, '/status'],
    ['no status', {}, '/status'],
    ['another status', { status: 'SHIPPED' }, '/status'],
    ['version 0', { status: 'APPROVED', version: 0 }, '/version'],
    ['an unknown field', { status: 'APPROVED', reason: 'x' }, '/reason'],
  ])('P15 a body with %s is refused', async (_what, body, pointer) => {
    const answer = await (await requested()).update('RET-000001-1', body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
  });
});
