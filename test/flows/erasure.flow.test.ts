import { execFile } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { ErasureView } from '../../lambda/contracts/api/privacy-api';
import type { AnyEvent } from '../../lambda/contracts/events/event';
import { archiveIn, readArchive } from '../../scripts/lib/events/archive';
import { seedPassword, tokenOf } from '../../scripts/lib/people/accounts';
import { findSystem } from '../../scripts/lib/system/system';
import { call, eventually, mailbox, postOrder, reaches, rowsOf, type Shop } from '../support/flow';
import { accounts, type Person, signedIn } from '../support/flow-people';
import { deadLetters, sendAll } from '../support/flow-queues';
import { openShop, stock } from '../support/flow-shop';
import { everythingStored } from '../support/scan';
import { seenEmpty } from '../support/seen-empty';
import { findTexts, spellings } from '../support/spellings';

jest.setTimeout(300_000);

const run = promisify(execFile);

const id = randomUUID().slice(0, 8);

/** Somebody whose name, reading, address, telephone and words are found nowhere else. */
const person = {
  name: `消去花子${id}`,
  kana: `ショウキョハナコ${id}`,
  email: `erika.${id}@example.com`,
  phoneNumber: `+8190${randomInt(10_000_000, 99_999_999)}`,
  street: `消去町${id}`,
  reason: `消去理由${id}`,
};
const guestEmail = `gast.${id}@example.com`;
const texts = [...Object.values(person), person.email.toUpperCase(), guestEmail];
const address = {
  name: person.name,
  kana: person.kana,
  street: person.street,
  city: '渋谷区',
  postalCode: '150-0041',
  country: 'JP',
  phoneNumber: person.phoneNumber,
};

let shop: Shop;
let staff: Person;
let customer: Person;
let delivered: string;
let guests: Promise<void>;
const since = new Date().toISOString();

const statusOf = async (orderId: string) => {
  const { status, body } = await staff.client.getOrder({ params: { orderId } });
  if (status !== 200) throw new Error(`${orderId} is answered ${status}`);
  return body;
};

const move = async (orderId: string, ...statuses: string[]) => {
  for (const status of statuses)
    expect(await staff.client.updateOrderStatus({ params: { orderId }, body: { status } })).toMatchObject({
      status: 200,
    });
};

const ended = (by: Person, erasureId: string, timeoutMs: number): Promise<ErasureView> =>
  eventually(
    'the person is erased',
    async () => {
      const answer = await by.client.getErasure({ params: { erasureId } });
      return answer.status === 200 && answer.body.state === 'ERASED' && answer.body;
    },
    timeoutMs,
  );

const archived = async (): Promise<AnyEvent[]> => {
  const events: AnyEvent[] = [];
  const period = { from: since, to: new Date().toISOString() };
  for await (const some of readArchive(await archiveIn(await findSystem()), { tenant: shop.tenant, period }))
    events.push(...some);
  return events;
};

/** What must be the same after an erasure: money, tax, stock and what happened when. */
const kept = async (orderIds: readonly string[]) => ({
  orders: await Promise.all(
    orderIds.map(async (orderId) => {
      const { customerEmail: _e, shippingAddress: _a, ...order } = await statusOf(orderId);
      return order;
    }),
  ),
  bills: await Promise.all(orderIds.map((orderId) => rowsOf(shop).bill(orderId))),
  stock: await rowsOf(shop).stock('MOUSE'),
});

beforeAll(async () => {
  shop = await openShop();
  [staff, customer] = [await signedIn(shop.tenant, 'staff'), await signedIn(shop.tenant, 'customer', `erika.${id}`)];
  await stock(shop, 'MOUSE', 50);
  await stock(shop, 'PEN', 50);
  const { name, kana, email, ...rest } = person;
  const profile = { firstName: name, lastName: kana, phoneNumber: rest.phoneNumber, address };
  expect((await customer.client.updateMe({ body: profile })).status).toBe(200);
  const items = [{ productId: 'MOUSE', quantity: 2 }];
  const placed = await customer.client.placeOrder({ body: { items, customerEmail: email, shippingAddress: address } });
  expect(placed).toMatchObject({ status: 201, body: { shippingAddress: address } });
  delivered = placed.status === 201 ? placed.body.orderId : '';
  await reaches(shop, delivered, ['CONFIRMED', 'RESERVED']);
  await move(delivered, 'PROCESSING', 'SHIPPED', 'DELIVERED');
  await reaches(shop, delivered, ['DELIVERED', 'DEDUCTED']);
  const asked = await eventually('the delivery is known', async () => {
    const body = { items: [{ productId: 'MOUSE', quantity: 1 }], reason: person.reason };
    const answer = await customer.client.requestReturn({ params: { orderId: delivered }, body });
    return answer.status === 201 && answer.body;
  });
  for (const status of ['APPROVED', 'COMPLETED'])
    expect((await staff.client.updateReturn({ params: { returnId: asked.returnId }, body: { status } })).status).toBe(
      200,
    );
  await eventually('all of it is mailed', async () => {
    const mails = (await mailbox()).filter(({ To }) => To.includes(email));
    return mails.length >= 3; // the order, its shipping, its delivery
  });
  const broken = await eventually('the order is archived', async () => {
    const found = (await archived()).find(({ type, subject }) => type === 'OrderPlaced.v2' && subject === delivered);
    return found && { ...found, data: { ...found.data, status: 'NONSENSE' } };
  });
  await sendAll('notification-queue', [broken]); // of no contract: it becomes a dead letter
  guests = eraseGuest(); // most of it is waiting
  guests.catch(() => undefined);
});

test('P24 the scan knows every spelling', async () => {
  async function* planted() {
    for (const text of texts)
      for (const [spelling, all] of Object.entries(spellings(text)))
        for (const bytes of all)
          yield { where: `${text}/${spelling}`, bytes: Buffer.concat([Buffer.from('x"'), bytes, Buffer.from('",1')]) };
  }
  const found = await findTexts(texts, planted());
  for (const text of texts)
    for (const spelling of Object.keys(spellings(text)))
      expect(found).toContainEqual(`${text}/${spelling}: ${text}, ${spelling}`);
});

test('B-20 the person sees all that is held on them, as JSON and as a page', async () => {
  const answer = await customer.client.exportPersonalData({});
  expect(answer.status).toBe(200);
  const text = JSON.stringify(answer.body);
  for (const [what, value] of Object.entries(person)) expect([what, text.includes(value)]).toEqual([what, true]);
  const page = await call('GET', '/privacy/export', {
    headers: { authorization: `Bearer ${customer.token}`, accept: 'text/html', 'accept-language': 'ja' },
  });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  for (const value of [person.name, person.email, person.reason]) expect(String(page.body)).toContain(value);
});

test('B-20 P24 whoever asks for it is gone within a minute, from every table, object, dead letter and log, and all adds up as before', async () => {
  const before = await kept([delivered]);
  const events = (await archived()).length;
  const asked = await customer.client.requestErasure({});
  expect(asked.status).toBe(202);
  const again = await customer.client.requestErasure({});
  const erasureId = asked.status === 202 ? asked.body.erasureId : '';
  if (again.status === 200) expect(again.body.erasureId).toBe(erasureId); // else the account is gone already
  const certificate = await ended(staff, erasureId, 60_000);
  expect(certificate).toMatchObject({ subjectKind: 'user', accountErased: true, ordersErased: 1, waitingFor: 0 });
  expect(certificate.keysDestroyed).toBeGreaterThanOrEqual(3); // of the account, of the order, of its return
  await eventually(
    'nothing opens what was sealed: caches have forgotten the keys',
    async () => {
      const { customerEmail, shippingAddress } = await statusOf(delivered);
      return customerEmail === undefined && shippingAddress === undefined;
    },
    90_000,
  );
  await eventually(
    'returns do not open either',
    async () => !JSON.stringify((await staff.client.listReturns({})).body).includes(id),
    90_000,
  );
  expect((await customer.client.getMe({})).status).toBeGreaterThanOrEqual(401);
  expect(await kept([delivered])).toEqual(before);
  expect((await archived()).length).toBeGreaterThan(events); // nothing is missing from what happened
  const own = { tenant: shop.tenant, role: 'customer', email: customer.email } as const;
  await expect(tokenOf(await accounts(), own, seedPassword)).rejects.toThrow(); // the pool has forgotten the account
  expect(
    await findTexts(
      texts.filter((text) => text !== guestEmail),
      everythingStored(),
    ),
  ).toEqual([]);
});

test('B-20 P29 a replay of everything tells nobody of who is erased, and parks nothing', async () => {
  const mails = async () => (await mailbox()).filter(({ To }) => To.includes(person.email)).length;
  const mailed = await mails();
  await run('bash', ['scripts/run.sh', 'replay', '--from', since, '--tenant', shop.tenant, '--yes']);
  await seenEmpty(['notification-queue', 'return-order-queue', 'billing-queue', 'inventory-queue', 'payment-queue']);
  expect(await mails()).toBe(mailed);
  const parked = await deadLetters(({ Body = '' }) => Body.includes(`"${shop.tenant}"`));
  expect(parked.filter(({ Body = '' }) => !Body.includes('NONSENSE'))).toEqual([]);
});

async function eraseGuest(): Promise<void> {
  const order = async (customerEmail: string) => {
    const items = [{ productId: 'PEN', quantity: 1 }];
    const placed = await postOrder(shop, { items, body: { customerEmail, shippingAddress: address } });
    await reaches(shop, placed.body.orderId, ['CONFIRMED', 'RESERVED']);
    return placed.body.orderId as string;
  };
  const other = `andere.${randomUUID().slice(0, 8)}@example.com`;
  const [one, two, open, elses] = [
    await order(guestEmail),
    await order(guestEmail.toUpperCase().replace('EXAMPLE.COM', 'example.com')),
    await order(guestEmail),
    await order(other),
  ] as const;
  for (const orderId of [one, two]) expect((await staff.client.cancelOrder({ params: { orderId } })).status).toBe(200);
  for (const orderId of [one, two]) await reaches(shop, orderId, ['CANCELLED', 'RELEASED']);
  const wrong = await staff.client.requestErasure({ body: { orderId: one, customerEmail: other } });
  expect(wrong.status).toBe(404);
  const asked = await staff.client.requestErasure({ body: { orderId: one, customerEmail: guestEmail } });
  const erasureId = asked.status === 202 ? asked.body.erasureId : '';
  await eventually('the open order is waited for', async () => {
    const answer = await staff.client.getErasure({ params: { erasureId } });
    return answer.status === 200 && answer.body.state === 'WAITING' && answer.body.waitingFor === 1;
  });
  expect((await statusOf(open)).customerEmail).toBe(guestEmail);
  expect((await staff.client.cancelOrder({ params: { orderId: open } })).status).toBe(200);
  const certificate = await ended(staff, erasureId, 200_000);
  expect(certificate).toMatchObject({ subjectKind: 'guest', accountErased: false, ordersErased: 3, waitingFor: 0 });
  expect(JSON.stringify(certificate)).not.toContain(id);
  expect((await statusOf(elses)).customerEmail).toBe(other);
  expect(await findTexts([guestEmail], everythingStored())).toEqual([]);
}

test('B-20 a guest with three orders is erased on proof, an open order once it is ended, and nobody else', () =>
  guests);
