import type { CurrentOrder } from '../../lambda/contracts/api/order-api';
import type { OrderStatus } from '../../lambda/contracts/values/order-status';
import { TenantId } from '../../lambda/contracts/values/text';
import { type Checklist, checklist } from '../lib/checklist';
import { CommandError, command, UsageError } from '../lib/command';
import { openMouseShop, placeSeedOrder, stockOf } from '../lib/demo/mouse-shop';
import { readMails } from '../lib/mailbox';
import { clientFor, type SignedIn } from '../lib/people/sign-in';
import { whereOptions } from '../lib/system/chosen-stage';
import { findSystem, type System } from '../lib/system/system';
import { ok, sentence, title } from '../lib/terminal';
import { stepUntil, until } from '../lib/wait';

const help = `
bash scripts/test-order-lifecycle.sh [--tenant TENANT] [--aws [--stage STAGE]]

Walks one order through its life as staff does: places the sample order of 59.98 + 6.00 = 65.98 USD, lists and reads it,
waits until it is confirmed, packs, ships and delivers it, tries what is not allowed, cancels another one, and looks at
stock and e-mails after each step. Ends with 1 when something is not as it must be.

  --tenant TENANT   whose shop it is (default: lifecycle-shop); on the local stage it is opened when it is missing
  --aws             works on the stack on AWS, with the credentials of the environment and a staff token as TOKEN
  --stage dev|prod  which of them, with --aws (default: the only one that is deployed)
  --help            this text
`;

type Walk = { readonly staff: SignedIn; readonly system: System; readonly checks: Checklist };

const show = (order: Pick<CurrentOrder, 'orderId' | 'status' | 'stockStatus' | 'version'>) =>
  sentence(`${order.orderId} is ${order.status}, its stock ${order.stockStatus}, version ${order.version}`);

const waitFor = async ({ staff }: Walk, orderId: string, what: string, holds: (order: CurrentOrder) => boolean) => {
  const look = async () => {
    const { status, body } = await staff.getOrder({ params: { orderId } });
    return status === 200 && holds(body) ? body : undefined;
  };
  const found = await stepUntil(`${orderId} is ${what}`, look, { timeoutMs: 60_000, everyMs: 200 });
  show(found);
  return found;
};

const confirmed = (walk: Walk, orderId: string) =>
  waitFor(walk, orderId, 'CONFIRMED', ({ status }) => status === 'CONFIRMED');

const placing = async (walk: Walk): Promise<CurrentOrder> => {
  const { staff, checks } = walk;
  title('Placing the sample order');
  const placed = await placeSeedOrder(staff);
  show(placed);
  const { subtotal, tax, total, currency, version, name } = placed;
  const figures = subtotal === 59.98 && tax === 6 && total === 65.98 && currency === 'USD';
  checks.check('S4-44', '59.98 + 6.00 = 65.98 USD', figures, `${subtotal} + ${tax} = ${total} ${currency}`);
  checks.check('S4-11', 'PENDING, version 1, with a name', version === 1 && name === `Order ${placed.orderId}`, name);
  const order = await confirmed(walk, placed.orderId);
  checks.check('S4-28', 'its stock is reserved', order.stockStatus === 'RESERVED', order.stockStatus);
  const listed = await until(
    async () => {
      const { status, body } = await staff.listOrders({ query: { status: 'confirmed', limit: 100 } });
      return status === 200 && body.items.some(({ orderId }) => orderId === order.orderId) ? true : undefined;
    },
    { timeoutMs: 30_000, everyMs: 500 },
  );
  checks.check('S4-20', 'the list of confirmed orders has it', listed === true);
  return order;
};

const move = async ({ staff }: Walk, order: CurrentOrder, status: OrderStatus): Promise<CurrentOrder> => {
  const { orderId, version } = order;
  const answer = await staff.updateOrderStatus({
    params: { orderId },
    body: { status: status.toLowerCase(), version },
  });
  if (answer.status !== 200) throw new CommandError(`${orderId} to ${status}: ${JSON.stringify(answer.body)}`);
  show(answer.body);
  return answer.body;
};

const refusing = async ({ staff, checks }: Walk, { orderId, version }: CurrentOrder) => {
  title('What is not allowed');
  const params = { orderId };
  const skipped = await staff.updateOrderStatus({ params, body: { status: 'delivered' } });
  const words = skipped.status === 400 ? skipped.body.detail : `${skipped.status}`;
  checks.check('S4-16', 'no step is left out', words === 'Cannot transition from confirmed to delivered', words);
  const stale = await staff.updateOrderStatus({ params, body: { status: 'processing', version: version - 1 } });
  const current = stale.status === 409 ? stale.body.currentVersion : undefined;
  checks.check('S4-19', 'an old version is refused, with the new one', current === version, stale.status);
  const unknown = await staff.updateOrderStatus({ params: { orderId: 'ORD-999999' }, body: { status: 'shipped' } });
  checks.check('S4-17', 'an unknown order: 404', unknown.status === 404, unknown.status);
};

const delivering = async (walk: Walk, order: CurrentOrder) => {
  const { staff, checks } = walk;
  title('Packing, shipping, delivering');
  const before = await stockOf(staff);
  const shipped = await move(walk, await move(walk, order, 'PROCESSING'), 'SHIPPED');
  checks.check('S4-18', 'it says when it was shipped', shipped.shippedAt !== undefined, shipped.shippedAt);
  const deducted = await waitFor(walk, order.orderId, 'deducted', ({ stockStatus }) => stockStatus === 'DEDUCTED');
  const after = await stockOf(staff);
  const gone = (before?.quantity ?? 0) - (after?.quantity ?? 0);
  checks.check('S4-31', 'two mice have left the stock', gone === 2, gone);
  const delivered = await move(walk, deducted, 'DELIVERED');
  checks.check('S4-18', 'it says when it was delivered', delivered.deliveredAt !== undefined, delivered.deliveredAt);
};

const cancelling = async (walk: Walk): Promise<string> => {
  const { staff, checks } = walk;
  title('Cancelling another order');
  const before = await stockOf(staff);
  const { orderId } = await placeSeedOrder(staff);
  await confirmed(walk, orderId);
  const { status } = await staff.cancelOrder({ params: { orderId } });
  checks.check('S4-30', 'a confirmed order can be cancelled', status === 200, status);
  await waitFor(walk, orderId, 'released', ({ stockStatus }) => stockStatus === 'RELEASED');
  const after = await stockOf(staff);
  checks.check('S4-30', 'its stock is back', after?.available === before?.available, after?.available);
  return orderId;
};

const mailing = async ({ system, checks }: Walk, delivered: string, cancelled: string) => {
  if (system.endpoint === undefined) return;
  title('E-mails');
  const expected = [
    ['S4-28', `Thank you for your order (${delivered})`],
    ['S4-31', `Your order is on its way (${delivered})`],
    ['S4-32', `Your order was delivered (${delivered})`],
    ['S4-30', `Your order was cancelled (${cancelled})`],
  ] as const;
  for (const [id, subject] of expected) {
    const mailed = await until(
      async () => ((await readMails(system.endpoint)).some((mail) => mail.Subject === subject) ? true : undefined),
      { timeoutMs: 30_000, everyMs: 500 },
    );
    checks.check(id, subject, mailed === true);
  }
};

command({ help, options: { tenant: { type: 'string' }, ...whereOptions } }, async (given) => {
  const tenant = given.tenant ?? 'lifecycle-shop';
  if (!TenantId.safeParse(tenant).success) throw new UsageError(`--tenant "${tenant}": no tenant has this name.`);
  const system = await findSystem(given);
  const staff = await clientFor(system, tenant, 'staff', { opens: true });
  const walk: Walk = { staff, system, checks: checklist() };
  ok(`staff of ${tenant} work on ${system.apiUrl}`);
  await openMouseShop(walk.staff, 10);
  const order = await placing(walk);
  await refusing(walk, order);
  await delivering(walk, order);
  const cancelled = await cancelling(walk);
  await mailing(walk, order.orderId, cancelled);
  return walk.checks.conclude();
});
