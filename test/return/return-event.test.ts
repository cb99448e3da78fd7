import { readFileSync } from 'node:fs';
import type { Return } from '../../lambda/return/return';
import { returnEvent } from '../../lambda/return/return';
import { returnFromRow, returnToRow } from '../../lambda/return/return-row';
import { deliveredMice, requestedMice } from '../support/returns';
import { callers, returnsApi } from './routes';

const sample = (name: string) => JSON.parse(readFileSync(`test/contracts/samples/${name}.json`, 'utf8'));
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const { customerEmail } = sample('ReturnRequested.v2').data;
const { reason } = sample('ReturnRequested.v2').data;
const later = { updatedAt: '2026-12-03T08:00:00.000Z', version: 2 };

test.each<[string, Partial<Return>]>([
  ['ReturnRequested.v2', {}],
  [
    'ReturnApproved.v2',
    { ...later, status: 'APPROVED', fact: { type: 'ReturnApproved', previousStatus: 'REQUESTED', traceparent } },
  ],
  [
    'ReturnRejected.v2',
    { ...later, status: 'REJECTED', fact: { type: 'ReturnRejected', previousStatus: 'REQUESTED', traceparent } },
  ],
  [
    'ReturnCompleted.v2',
    {
      updatedAt: '2026-12-08T08:00:00.000Z',
      returnedAt: '2026-12-08T08:00:00.000Z',
      version: 3,
      status: 'COMPLETED',
      fact: { type: 'ReturnCompleted', previousStatus: 'APPROVED', orderFullyReturned: true, traceparent },
    },
  ],
])('S3-24 the relay makes %s of the row, under the ID of its version', (name, given) => {
  expect(returnEvent(returnFromRow(returnToRow(requestedMice({ customerEmail, reason, ...given }))))).toEqual(
    sample(name),
  );
});

test('S2-39 the events of a return tell who asked for it and who decided, and from which network', async () => {
  const api = returnsApi();
  await api.deliver(deliveredMice());
  const told = async () => {
    const given = await api.store.get(callers.staff.tenant, 'RET-000001-1');
    const { actor, network } = given ? returnEvent(returnFromRow(returnToRow(given))) : {};
    return [actor, network];
  };
  await api.ask({ sourceIp: '203.0.113.77' });
  expect(await told()).toEqual(['customer-1', '203.0.113.0/24']);
  await api.update('RET-000001-1', { status: 'APPROVED' }, { sourceIp: '198.51.100.9' });
  expect(await told()).toEqual(['staff-1', '198.51.100.0/24']);
});

test('a row that is no return is refused, so that the relay dead-letters it', () => {
  const { fact: _, ...row } = returnToRow(requestedMice());
  expect(() => returnFromRow(row)).toThrow();
});
