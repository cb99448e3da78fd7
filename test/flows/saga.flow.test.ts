import { checklist } from '../../scripts/lib/checklist';
import { openPayShop, payShop } from '../../scripts/lib/demo/pay-shop';
import { type SagaScenarioName, scenarios } from '../../scripts/lib/demo/saga-scenarios';
import { guestOf, observe, purchase, type Walk } from '../../scripts/lib/demo/saga-walk';
import { clientFor } from '../../scripts/lib/people/sign-in';
import { findSystem } from '../../scripts/lib/system/system';
import { tablesOf } from '../../scripts/lib/system/tables';

jest.setTimeout(900_000);

const names = Object.keys(scenarios) as SagaScenarioName[];
const methods = ['PAYPAY', 'CREDIT_CARD'] as const;
const cases = methods.flatMap((method) => names.map((name) => [method, name] as const));

const results = new Map<string, Promise<string[]>>();
const nameOf = (method: string, name: string) => `${method} ${name}`;

type Given = Omit<Walk, 'checks' | 'method'>;

/** Orders, and then walks through one scenario: what did not hold is told by `failures`. */
const begin = async (given: Given, method: Walk['method'], name: SagaScenarioName) => {
  const checks = checklist();
  const failed = (error: unknown) => [...checks.failures(), String(error)];
  try {
    const bought = await purchase({ ...given, method, checks });
    const walk = scenarios[name].run(bought).then(() => observe(bought));
    return { failures: walk.then(() => checks.failures(), failed) };
  } catch (error) {
    return { failures: Promise.resolve(failed(error)) };
  }
};

/** All of them at the same time, each about an order of its own; the orders are placed one after the other. */
beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const system = await findSystem();
  await openPayShop(system);
  const staff = await clientFor(system, payShop.tenant, 'staff');
  const given = { system, tables: tablesOf(system), guest: guestOf(system), staff };
  for (const [method, name] of cases) results.set(nameOf(method, name), (await begin(given, method, name)).failures);
}, 900_000);
afterAll(() => jest.restoreAllMocks());

test.each(cases)('S2-14 F-12 paid with %s, the demo "%s" ends as it must', async (method, name) => {
  expect(await results.get(nameOf(method, name))).toEqual([]);
});
