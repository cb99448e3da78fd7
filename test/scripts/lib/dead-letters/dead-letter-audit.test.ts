import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { auditFile, auditLine } from '../../../../scripts/lib/dead-letters/dead-letter-audit';
import { deadLetter } from './dead-letters';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an audit line says who did what to which message, when and why, and holds nothing of its body', () => {
  const deed = {
    action: 'delete',
    deadLetter: deadLetter({ eventId: 'default/ORD-000001:1', body: '{"customerEmail":"ada@example.com"}' }),
  } as const;
  const at = new Date('2026-01-01T00:00:00Z');
  expect(auditLine(deed, { at, who: 'ada', queue: 'order-processing-dlq', reason: 'test data' })).toEqual({
    at: '2026-01-01T00:00:00.000Z',
    who: 'ada',
    action: 'delete',
    queue: 'order-processing-dlq',
    messageId: 'm-1',
    eventId: 'default/ORD-000001:1',
    eventType: 'OrderPlaced.v2',
    consumer: 'inventory',
    reason: 'test data',
  });
});

test('each deed adds one JSON line to the file, whose folder is made', () => {
  const path = join(folder, 'deep', 'audit.jsonl');
  const note = auditFile(path, { queue: 'order-processing-dlq' });
  note({ action: 'redrive', deadLetter: deadLetter(), to: ['inventory-queue'] });
  note({ action: 'redrive', deadLetter: deadLetter({ messageId: 'm-2' }), to: [], problem: 'no queue' });
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { messageId: 'm-1', to: ['inventory-queue'], who: userInfo().username },
    { messageId: 'm-2', problem: 'no queue' },
  ]);
});

test('a file that cannot be written is refused before anything is done', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => auditFile(join(folder, 'file', 'audit.jsonl'), { queue: 'q' })).toThrow(
    'the audit file cannot be written',
  );
});
