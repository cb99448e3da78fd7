import { api } from '../../../lambda/contracts/api/api';
import type { Operation } from '../../../lambda/contracts/api/routes';
import type { Report } from '../../../scripts/lib/terminal';
import { contractOf, nobodys, policyOf } from '../../support/attack';
import { type AttackedShop, type Headers, openAttackedShop } from '../../support/attacked-shop';
import { manyAtOnce } from '../../support/flow';
import { openTenantByApi, signedIn } from '../../support/flow-people';
import { chosen } from '../cases';
import { rightBodies, rightRequest } from '../fields/base';
import { operations } from '../fields/place';
import type { Request } from '../fields/request';
import { type Answer, send } from '../fields/send';
import type { Broken, Outcome, Settings } from '../part';
import { everybody, expectedOf, type Identifier, identifiers, isAsExpected, type Who } from './expected';

type Case = {
  readonly name: string;
  readonly operation: Operation;
  readonly who: Who;
  readonly identifier: Identifier | undefined;
};

/** Signed, or by cookie: a token says nothing to them, so everybody is a guest. */
const takesNoToken: readonly Operation[] = [
  'receiveStripeWebhook',
  'receivePayPayWebhook',
  'getSession',
  'deleteSession',
];

/** What depends on more than the policy table: a password, a signature, a payment, a delivery or an image that the shop has not. */
const isOfMore = (operation: Operation): boolean =>
  api[operation].tag === 'Sign-in' ||
  takesNoToken.includes(operation) ||
  policyOf(operation).method === 'DELETE' || // what one has deleted, another does not find
  ['getOrderPayment', 'getPayment', 'requestRefund', 'requestReturn', 'attachProductImage'].includes(operation);

/** Whatever a guest names is of the shop whose key it sends, so it has nothing of another person but orders. */
const allCases = (): Case[] =>
  operations.flatMap((operation) =>
    everybody.flatMap((who) => {
      const namesThings = policyOf(operation).path.includes('{') && api[operation].tag !== 'System';
      const named = namesThings ? identifiers : [undefined];
      return named.map((identifier) => ({
        name: `${operation} by ${who}${identifier === undefined ? '' : `, ${identifier}`}`,
        operation,
        who,
        identifier,
      }));
    }),
  );

type People = Readonly<Record<string, Headers>>;

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** Another customer of the shop, and everybody of another shop. */
const strangersTo = async ({ victim, callers }: AttackedShop) => {
  const tenant = await openTenantByApi();
  const [sibling, customer, staff, admin] = await Promise.all([
    signedIn(victim.tenant, 'customer'),
    signedIn(tenant, 'customer'),
    signedIn(tenant, 'staff'),
    signedIn(tenant, 'tenant-admin'),
  ]);
  const key = await admin.client.createStorefrontKey({ params: { tenantId: tenant } });
  if (key.status !== 201) throw new Error(`no storefront key: ${JSON.stringify(key.body)}`);
  const elsewhere: People = {
    guest: { 'x-storefront-key': key.body.storefrontKey },
    customer: bearer(customer.token),
    staff: bearer(staff.token),
    'tenant-admin': bearer(admin.token),
    'platform-admin': callers['platform-admin'] ?? {},
  };
  return { sibling: bearer(sibling.token), elsewhere };
};

type Cast = AttackedShop & Awaited<ReturnType<typeof strangersTo>>;

/** The things are always the victim's: who asks decides whose they are. */
const callerOf = ({ callers, leaver, sibling, elsewhere }: Cast, { operation, who, identifier }: Case): Headers => {
  if (operation === 'logOut' && who !== 'guest') return leaver; // whoever logs out asks no more
  if (identifier === "another shop's") return elsewhere[who] ?? {};
  return (identifier === "another person's" && who === 'customer' ? sibling : callers[who]) ?? {};
};

const malformed = Object.fromEntries(Object.keys(nobodys).map((name) => [name, 'x#y']));

const pathOf = ({ identifier }: Case, right: Request): Request['path'] => {
  if (identifier === 'unknown') return nobodys;
  return identifier === 'malformed' ? malformed : right.path;
};

/** The example of a body suspends the shop: nobody would be served any more. */
const bodies: { readonly [Name in Operation]?: object } = { updateTenant: { name: '花屋' } };

const requestOf = (cast: Cast, one: Case): Request => {
  const { operation, who, identifier } = one;
  const chosenBody = bodies[operation];
  const right = rightRequest(cast, operation, chosenBody === undefined ? rightBodies(cast, operation) : [chosenBody]);
  const { authorization: _token, 'x-storefront-key': _key, ...headers } = right.headers;
  const isOwner =
    who === 'guest' && identifier === 'own' && 'X-Tracking-Token' in (contractOf(operation).headers?.shape ?? {});
  const tracking: Headers = isOwner ? { 'X-Tracking-Token': cast.victim.trackingToken } : {};
  return { ...right, path: pathOf(one, right), headers: { ...headers, ...callerOf(cast, one), ...tracking } };
};

/** What an answer says, without what names the request and what it asked for. */
const saidIn = ({ status, text }: Answer, { path }: Request): string => {
  const { title, detail } = JSON.parse(text || '{}');
  const ids = Object.values(path);
  return [status, title, ids.reduce((all, id) => all.replaceAll(id, '…'), String(detail))].join(' ');
};

/** What is hidden must be answered as what nobody has is: else the answer tells that it is there. */
const tells = async (cast: Cast, one: Case, answer: Answer): Promise<string | undefined> => {
  const unknown = requestOf(cast, { ...one, identifier: 'unknown' });
  const hidden = saidIn(answer, requestOf(cast, one));
  const nothing = saidIn(await send(unknown), unknown);
  return hidden === nothing ? undefined : `${hidden}; but an unknown one: ${nothing}`;
};

const carryOut = async (cast: Cast, one: Case): Promise<Broken[]> => {
  const { name, operation, who, identifier } = one;
  const expected = expectedOf(policyOf(operation), takesNoToken.includes(operation) ? 'guest' : who, identifier);
  const answer = await send(requestOf(cast, one));
  const { status, text } = answer;
  const depends = expected === 'served' && isOfMore(operation);
  const right = depends ? status < 500 : isAsExpected(expected, status, who);
  if (!right) return [{ what: `${name}: ${expected} was expected: ${status} ${text.slice(0, 200)}`, match: name }];
  const told = expected === 'nothing there' && identifier !== 'unknown' ? await tells(cast, one, answer) : undefined;
  return told === undefined ? [] : [{ what: `${name}: ${told}`, match: name }];
};

/** What changes nothing comes first, what deletes comes last. */
const phaseOf = ({ operation, who, identifier }: Case): number => {
  const { method } = policyOf(operation);
  if (method === 'GET' || expectedOf(policyOf(operation), who, identifier) !== 'served') return 0;
  return method === 'DELETE' || operation === 'logOut' ? 2 : 1;
};

const atOnce = 6;

/** Each role on each route with its own ID, another person's, another shop's, one of nobody, and none: as the policy table says. */
export const attackAccess = async (settings: Settings, report: Report): Promise<Outcome> => {
  report('two shops are opened');
  const shop = await openAttackedShop();
  const cast = { ...shop, ...(await strangersTo(shop)) };
  const cases = chosen(allCases(), settings, 120);
  const broken: Broken[] = [];
  let sent = 0;
  for (const phase of [0, 1, 2]) {
    const some = cases.filter((one) => phaseOf(one) === phase);
    const found = await manyAtOnce(
      some.length,
      (n) => {
        sent += 1;
        report(`${sent} of ${cases.length}`);
        return carryOut(cast, some[n] as Case);
      },
      atOnce,
    );
    broken.push(...found.flat());
  }
  return { tried: cases.length, broken };
};
