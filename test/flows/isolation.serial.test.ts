import { type Operation, routes } from '../../lambda/contracts/api/routes';
import { type Attack, contractOf, isApplicable, places, policyOf, requestOf } from '../support/attack';
import { type Attacker, attackersOf, untilRefused } from '../support/attackers';
import { type Answer, call, eventually, manyAtOnce } from '../support/flow';
import { openVictim, stateOf, type Victim } from '../support/victim';

const operations = Object.keys(routes) as Operation[];
const isOfSystem = (operation: Operation) => contractOf(operation).tag === 'System';

/** Signed, or by cookie: a bearer token says nothing to them, so one that is good for nothing does no harm. */
const takesNoToken: readonly Operation[] = [
  'receiveStripeWebhook',
  'receivePayPayWebhook',
  'getSession',
  'deleteSession',
];

/** What an answer must not be, whatever is in it. */
const isWrong = ({ operation, place, by }: Attack, status: number): boolean => {
  if (isOfSystem(operation)) return false; // nobody's things, for everybody
  if (by.refused && takesNoToken.includes(operation)) return ![204, 400, 401].includes(status);
  if (by.refused) return status !== 401;
  return place === 'path' && !by.maySeeShop && status < 300;
};

describe('P8 nobody learns or changes what is another customer’s or another shop’s', () => {
  let victim: Victim;
  let attackers: Attacker[];
  let before: unknown;

  beforeAll(async () => {
    victim = await openVictim();
    attackers = await attackersOf(victim);
    before = await stateOf(victim);
    const me = async (headers: Attacker['headers']) => (await call('GET', '/users/me', { headers })).status;
    for (const attacker of attackers.filter(({ refused }) => refused)) await untilRefused(attacker, me);
  }, 300_000);

  /** The answer, once nobody is told to come again later, as a busy machine does: who is always told so has broken something. */
  const send = (attack: Attack, { path, ...init }: ReturnType<typeof requestOf>): Promise<Answer> =>
    eventually(`an answer to ${attack.operation} by ${attack.by.name}, ${attack.place}`, async () => {
      const answer = await call(policyOf(attack.operation).method, path, init);
      return answer.status !== 429 && answer.status < 500 && answer;
    });

  const carryOut = async (attack: Attack): Promise<string[]> => {
    const request = requestOf(victim, attack);
    const { status, headers, body } = await send(attack, request);
    const text = JSON.stringify([body, [...headers]]);
    const secrets = [...victim.hidden, ...(attack.by.maySeeShop ? [] : victim.shown)];
    const told = secrets.filter((secret) => text.includes(secret) && !request.body?.includes(secret));
    if (told.length === 0 && !isWrong(attack, status)) return [];
    const { operation, place, by } = attack;
    return [`${operation} by ${by.name}, ${place}: ${status} ${told.join(', ')}`];
  };

  /** One place after the other: what attackers make under the victim's IDs in their own shops is theirs. */
  const findings = async (which: readonly Operation[]): Promise<string[]> => {
    const found: string[][] = [];
    for (const place of places) {
      const targets = which.filter((operation) => isApplicable(operation, place));
      const attacks = targets.flatMap((operation) => attackers.map((by) => ({ operation, place, by })));
      found.push(...(await manyAtOnce(attacks.length, (n) => carryOut(attacks[n] as Attack), 8)));
    }
    return found.flat();
  };

  test('the victim and its staff see what nobody else may', () => {
    const text = JSON.stringify(before);
    const seen = victim.hidden.filter((secret) => !/^[\w-]{43}$/.test(secret)); // a tracking token is shown only once
    expect([...seen, ...victim.shown].filter((secret) => !text.includes(secret))).toEqual([]);
    expect(Object.values(victim.cursors).filter((cursor) => cursor === undefined)).toEqual([]);
  });

  test('every route × everybody else × path, query, body, header, idempotency key: 0 leaks', async () => {
    const last: Operation[] = ['logOut']; // whoever logs out attacks no more
    expect(await findings(operations.filter((operation) => !last.includes(operation)))).toEqual([]);
    expect(await findings(last)).toEqual([]);
  }, 1_200_000);

  test('and everything of the victim’s is as it was', async () => expect(await stateOf(victim)).toEqual(before));
});
