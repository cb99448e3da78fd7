import * as z from 'zod';
import { freeText, line } from '../contracts/values/text';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/events/publish';
import { logger } from '../kernel/logger';
import { auditStore } from './audit/audit.store';
import { auditStock } from './audit/audit-stock';
import { auditStockEnv } from './env';
import { ledgerStore } from './stock/ledger.store';

/** The request of an operator. The schedule sends neither field. */
const AuditRequest = z.object({
  repair: z.object({ reason: freeText(200), by: line(100) }).optional(),
  whole: z.object({ goOn: z.object({ after: z.string().optional() }).optional() }).optional(),
});

const budgetMs = 10 * 60_000; // the rest of the function's 15 minutes finishes the part in progress
const pauseMs = 3_000; // the indexes are eventually consistent

const env = readEnv(auditStockEnv);
const db = documentClient();
const tables = {
  inventory: env.INVENTORY_TABLE,
  reservations: env.RESERVATIONS_TABLE,
  movements: env.MOVEMENTS_TABLE,
};
const auditUntil = (end: number) =>
  auditStock({
    audit: auditStore(tables, db),
    ledger: ledgerStore(tables, db),
    publish: snsPublisher(env.TOPIC_ARN),
    now: () => new Date(),
    hasTime: () => Date.now() < end,
    pause: () => new Promise((resolve) => setTimeout(resolve, pauseMs)),
  });

export const handler = async (request: unknown) => {
  const { repair, whole } = AuditRequest.parse(request);
  const report = await auditUntil(Date.now() + budgetMs)(repair, whole);
  for (const difference of report.differences) logger.error('stock does not add up', difference);
  logger.info('stock audited', { ...report, differences: report.differences.length });
  return report;
};
