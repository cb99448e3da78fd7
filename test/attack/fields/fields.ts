import fc from 'fast-check';
import type { Operation } from '../../../lambda/contracts/api/routes';
import type { Report } from '../../../scripts/lib/terminal';
import { type AttackedShop, openAttackedShop } from '../../support/attacked-shop';
import { manyAtOnce } from '../../support/flow';
import { chosen, seedOf } from '../cases';
import type { Broken, Outcome, Settings } from '../part';
import { rightBodies, rightRequest } from './base';
import { hostileKinds, type Kind, wellFormedKinds } from './hostile';
import { type Place, places } from './place';
import { type RawCase, rawCases } from './raw';
import { bodyAround, type Request, requestWith, wrongBy } from './request';
import { isSendable, send } from './send';
import { differences, settled } from './shop-state';
import { faultOf } from './verdict';

type FieldCase = { readonly name: string; readonly place: Place; readonly kind: Kind };

/** What waits for 20 seconds when it is right. */
const waits = (place: Place) => place.path[0] === 'waitForVersion';

const fieldCases = (): FieldCase[] =>
  places().flatMap((place) =>
    [...hostileKinds(place), ...(waits(place) ? [] : wellFormedKinds(place))].map((kind) => ({
      name: `${place.name}: ${kind.name}`,
      place,
      kind,
    })),
  );

type Attempt = { readonly request: Request; readonly wrong: readonly string[] | undefined };

/** Makes a thing once for each key. */
const once = <Key, Made>(make: (key: Key) => Made) => {
  const made = new Map<Key, Made>();
  return (key: Key): Made => {
    const found = made.get(key) ?? make(key);
    made.set(key, found);
    return found;
  };
};

/** Makes the requests of one run. */
const attemptsOf = (shop: AttackedShop, seed: number) => {
  const bodiesOf = once((operation: Operation) => rightBodies(shop, operation));
  const aroundOf = once((place: Place) => bodyAround(place, bodiesOf(place.operation)));
  const attempt = ({ place }: FieldCase, text: string): Attempt => {
    const base = rightRequest(shop, place.operation, bodiesOf(place.operation));
    const request = requestWith(place, base, aroundOf(place), text);
    return { request, wrong: wrongBy(place, request) };
  };
  const firstOf = ({ name, kind }: FieldCase) =>
    fc.sample(kind.texts, { numRuns: 1, seed: seedOf(seed, name) })[0] ?? '';
  const rightOf = (operation: Operation) => rightRequest(shop, operation, bodiesOf(operation));
  return { attempt, firstOf, rightOf };
};

type Attempts = ReturnType<typeof attemptsOf>;

/** Sends one case; a failure is made as small as it gets. */
const carryOutField = async ({ attempt, firstOf }: Attempts, one: FieldCase, seed: number): Promise<Broken[]> => {
  const first = attempt(one, firstOf(one));
  const property = fc.asyncProperty(one.kind.texts, async (text) => {
    const { request, wrong } = attempt(one, text);
    const isOther = (wrong === undefined) !== (first.wrong === undefined);
    if (isOther || !isSendable(request)) return; // what is refused is tried before what changes something
    const fault = faultOf({ place: one.place, kind: one.kind, wrong, answer: await send(request) });
    if (fault !== undefined) throw new Error(fault);
  });
  const options = { numRuns: 1, seed: seedOf(seed, one.name), interruptAfterTimeLimit: 40_000 };
  const { failed, counterexample, errorInstance } = await fc.check(property, options);
  if (!failed) return [];
  const [text = ''] = counterexample ?? [];
  const fault = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return [{ what: `${one.name}: ${String(text).slice(0, 200)} ${fault}`, match: one.name }];
};

/** Sends a body that is wrong as a whole. */
const carryOutRaw = async ({ rightOf }: Attempts, { name, place, spoil }: RawCase): Promise<Broken[]> => {
  const answer = await send(spoil(rightOf(place.operation)));
  const fault = faultOf({ place, kind: { name, refused: true }, wrong: undefined, answer });
  return fault === undefined ? [] : [{ what: `${name}: ${fault}`, match: name }];
};

type Case = FieldCase | RawCase;

const carryOut = (attempts: Attempts, one: Case, seed: number) =>
  'spoil' in one ? carryOutRaw(attempts, one) : carryOutField(attempts, one, seed);

const atOnce = 6;

/**
 * Every field of every request with every kind of value: what the contract takes is not refused for its form, what it
 * refuses is refused by name, nothing is a 5xx, and what is refused changes nothing.
 */
export const attackFields = async (settings: Settings, report: Report): Promise<Outcome> => {
  const { seed } = settings;
  report('a shop is opened');
  const shop = await openAttackedShop();
  const attempts = attemptsOf(shop, seed);
  const cases = chosen<Case>([...fieldCases(), ...rawCases()], settings, 150);
  report('the requests are made');
  const isRefused = (one: Case) =>
    'spoil' in one || one.kind.refused === true || attempts.attempt(one, attempts.firstOf(one)).wrong !== undefined;
  const refused = cases.filter(isRefused);
  const taken = cases.filter((one) => !refused.includes(one));
  const last = taken.filter(({ place }) => place.operation.startsWith('delete'));
  const before = await settled(shop);
  let sent = 0;
  const run = async (some: readonly Case[]) =>
    (
      await manyAtOnce(
        some.length,
        async (n) => {
          sent += 1;
          report(`${sent} of ${cases.length}`);
          return carryOut(attempts, some[n] as Case, seed);
        },
        atOnce,
      )
    ).flat();
  const broken = await run(refused);
  const changes = differences(before, await settled(shop))
    .slice(0, 5)
    .join('; ');
  const changed = changes === '' ? [] : [{ what: `what was refused has changed the shop: ${changes}` }];
  broken.push(...changed, ...(await run(taken.filter((one) => !last.includes(one)))), ...(await run(last)));
  return { tried: cases.length, broken };
};
