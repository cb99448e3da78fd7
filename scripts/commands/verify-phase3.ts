import { LambdaClient, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import type { PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { type Checklist, checklist } from '../lib/checklist';
import { command } from '../lib/command';
import { type Effects, waitForEffects } from '../lib/demo/effects';
import { ensureStock } from '../lib/demo/prepare';
import { readStock, type StockRow } from '../lib/demo/stock';
import { readMail } from '../lib/mailbox';
import { whereOptions } from '../lib/system/chosen-stage';
import { guestEmail, placeOrder } from '../lib/system/order-api';
import { nameIn } from '../lib/system/stage';
import { clientOptions, findSystem, type System, stageOf } from '../lib/system/system';
import { tablesOf } from '../lib/system/tables';
import { ok, print, title } from '../lib/terminal';

const help = `
bash scripts/verify-phase3.sh [--aws [--stage STAGE]]

Places one order (ノートPC × 1, ワイヤレスマウス × 2) and checks what each of the three services makes of it, field by
field, in its own table: inventory, notification (with the e-mail itself where the local mailbox can be read), billing.
What inventory does when stock is short is checked by test-error-scenarios.sh. Nobody else may order meanwhile: the
stock is compared to the piece. The seed data is loaded first when stock is too low.

  --aws             works on the stack on AWS, with the credentials of the environment
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

const items = [
  { productId: 'PROD-001', quantity: 1 },
  { productId: 'PROD-002', quantity: 2 },
];
const ordered = { 'PROD-001': 1, 'PROD-002': 2 };
type Stock = ReadonlyMap<string, StockRow>;
type Run = { readonly system: System; readonly placed: PlaceOrderResponse; readonly effects: Effects };

const checkTrigger = async ({ system }: Run, { check }: Checklist, id: string, queue: string) => {
  const client = new LambdaClient(clientOptions(system));
  const sizes: number[] = [];
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client }, {})) {
    const ours = EventSourceMappings.filter(({ EventSourceArn = '' }) =>
      EventSourceArn.endsWith(`:${nameIn(stageOf(system), queue)}`),
    );
    sizes.push(...ours.map(({ BatchSize = 0 }) => BatchSize));
  }
  check(id, `triggered by ${queue}, ten at a time`, sizes.join() === '10', `batch size ${sizes.join(', ') || 'none'}`);
};

const checkInventory = async (run: Run, checks: Checklist, before: Stock, after: Stock) => {
  const { placed, effects } = run;
  const { check } = checks;
  await checkTrigger(run, checks, 'S0-22', 'inventory-queue');
  for (const [productId, quantity] of Object.entries(ordered)) {
    const [was, is] = [before.get(productId), after.get(productId)];
    const fell = (was?.stock ?? 0) - (is?.stock ?? 0) === quantity;
    const held = (is?.reservedQuantity ?? 0) - (was?.reservedQuantity ?? 0) === quantity;
    check('S0-24', `${productId}: stock - ${quantity}`, fell, `${was?.stock} → ${is?.stock}`);
    check('S0-24', `${productId}: reserved + ${quantity}`, held, `${was?.reservedQuantity} → ${is?.reservedQuantity}`);
    const noted = is?.lastOrderId === placed.orderId && is.updatedAt >= placed.createdAt;
    check('S0-27', `${productId}: notes the order and the time`, noted, `${is?.lastOrderId} ${is?.updatedAt}`);
  }
  const { state = 'none', lines = [] } = effects.reservation ?? {};
  const whole = state === 'RESERVED' && lines.length === 2;
  check('S0-23', 'one reservation holds both lines', whole, `${state}, ${lines.length} lines`);
  const status = `${effects.order?.status}, stock ${effects.order?.stockStatus}`;
  check('S0-24', 'the order is confirmed', status === 'CONFIRMED, stock RESERVED', status);
};

const checkNotification = async (run: Run, checks: Checklist) => {
  const { system, placed, effects } = run;
  const { check } = checks;
  const sent = effects.notification;
  await checkTrigger(run, checks, 'S0-29', 'notification-queue');
  const isSealed = sent?.recipient.startsWith('sealed.') ?? false;
  check('S0-30', 'a confirmation, whose address is stored sealed', isSealed, sent?.kind ?? 'no record');
  check('S0-31', 'the send is recorded with its ID at SES', Boolean(sent?.messageId), sent?.messageId ?? 'no record');
  check('S0-32', 'its status is sent', sent?.status === 'sent', sent?.status ?? 'no record');
  const mail = await readMail(system.endpoint, sent?.messageId ?? '');
  if (mail === undefined) return print('  (the mailbox cannot be read here: S0-33 is not checked)');
  title(`The e-mail: ${mail.Subject}`);
  print(mail.BodyText.replace(/^/gm, '  │ '));
  check('S0-30', `it went to ${guestEmail}`, mail.To.includes(guestEmail), mail.To.join(', '));
  const has = (text: string) => check('S0-33', `the e-mail has ${text}`, mail.BodyText.includes(text));
  for (const text of [placed.orderId, '￥171,600', 'ノートPC × 1', 'ワイヤレスマウス × 2']) has(text);
};

const checkBilling = async (run: Run, checks: Checklist) => {
  const { placed, effects } = run;
  const { check } = checks;
  const bill = effects.bill;
  await checkTrigger(run, checks, 'S0-34', 'billing-queue');
  const sum = `${bill?.subtotal} + ${bill?.tax} = ${bill?.amount} ${bill?.currency}`;
  check('S0-35', 'amount = subtotal + 10 % tax', sum === '156000 + 15600 = 171600 JPY', sum);
  const lines = (bill?.items ?? [])
    .map(({ name, quantity, unitPrice, subtotal }) => `${name} ${unitPrice} × ${quantity} = ${subtotal}`)
    .join(', ');
  check(
    'S0-36',
    'each line with its subtotal',
    lines === 'ノートPC 150000 × 1 = 150000, ワイヤレスマウス 3000 × 2 = 6000',
    lines,
  );
  check('S0-37', 'a record in billing', bill?.createdAt === placed.createdAt, bill?.createdAt ?? 'no record');
  check('S0-38', 'its status is pending', bill?.status === 'pending', bill?.status ?? 'no record');
};

command({ help, options: whereOptions }, async (given) => {
  const system = await findSystem(given);
  const tables = tablesOf(system);
  await ensureStock(tables, ordered);
  const before = await readStock(tables, 'default', Object.keys(ordered));
  const placed = await placeOrder(system, items);
  ok(`${placed.orderId} is accepted: total ${placed.total} ${placed.currency}`);
  const effects = (await waitForEffects(tables, [placed.orderId])).get(placed.orderId) ?? {};
  const after = await readStock(tables, 'default', Object.keys(ordered));
  const run = { system, placed, effects };
  const sections: [string, (checks: Checklist) => Promise<void>][] = [
    ['Inventory', (checks) => checkInventory(run, checks, before, after)],
    ['Notification', (checks) => checkNotification(run, checks)],
    ['Billing', (checks) => checkBilling(run, checks)],
  ];
  const codes: number[] = [];
  for (const [name, work] of sections) {
    title(name);
    const checks = checklist();
    await work(checks);
    codes.push(checks.conclude());
  }
  return Math.max(...codes);
});
