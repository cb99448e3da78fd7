import { checklist } from '../lib/checklist';
import { command, UsageError } from '../lib/command';
import { openPayShop, payShop } from '../lib/demo/pay-shop';
import { type SagaScenarioName, scenarios } from '../lib/demo/saga-scenarios';
import { guestOf, observe, purchase, type Walk } from '../lib/demo/saga-walk';
import { clientFor } from '../lib/people/sign-in';
import { findSystem } from '../lib/system/system';
import { tablesOf } from '../lib/system/tables';
import { ok, print, step, title } from '../lib/terminal';

const names = Object.keys(scenarios) as SagaScenarioName[];

const help = `
bash scripts/test-saga.sh [--scenario NAME] [--method METHOD]

The demo in three steps, in the shop ${payShop.tenant} of the local stage. 1: a guest orders, and the order waits to be paid
(PENDING, WAITING_PAYMENT). 2: the customer pays or not, on the page of the payment simulator that "npm start" has started,
and the provider does what the scenario says. 3: what is seen of it: live over a WebSocket, in the order's timeline, in its
bill, its mails and its alerts. Ends with 1 when something is not as it must be.

  --scenario NAME  all, or one of (default: paid)
${names.map((name) => `                   ${name.padEnd(13)} ${scenarios[name].what}`).join('\n')}
  --method METHOD  paypay (default) or credit_card, which is paid with Stripe
  --help           this text
`;

const methods = { paypay: 'PAYPAY', credit_card: 'CREDIT_CARD' } as const;

const scenariosFrom = (given = 'paid'): readonly SagaScenarioName[] => {
  const chosen = given === 'all' ? names : names.filter((name) => name === given);
  if (chosen.length > 0) return chosen;
  throw new UsageError(`--scenario "${given}": must be all, ${names.join(', ')}. See --help.`);
};

const methodFrom = (given = 'paypay') => {
  if (given === 'paypay' || given === 'credit_card') return methods[given];
  throw new UsageError(`--method "${given}": must be paypay or credit_card. See --help.`);
};

command({ help, options: { scenario: { type: 'string' }, method: { type: 'string' } } }, async (given) => {
  const chosen = scenariosFrom(given.scenario);
  const method = methodFrom(given.method);
  const system = await findSystem();
  const tables = tablesOf(system);
  await step({ doing: `opening ${payShop.tenant}`, done: `${payShop.tenant} is open` }, () => openPayShop(system));
  const staff = await clientFor(system, payShop.tenant, 'staff');
  const checks = checklist();
  const walk: Walk = { system, tables, guest: guestOf(system), staff, method, checks };
  ok(`a guest and the staff of ${payShop.tenant} work on ${system.apiUrl}`);
  for (const name of chosen) {
    const { what, run } = scenarios[name];
    title(`Step 1: the purchase (${name}: ${what})`);
    const bought = await purchase(walk);
    title('Step 2: the payment');
    await run(bought);
    await observe(bought);
  }
  const exitCode = checks.conclude();
  print(`\nThe alerts of this shop:\n  bash scripts/list-alerts.sh --tenant ${payShop.tenant} --state all`);
  print(`One of its orders:\n  npm run timeline -- ORDER --tenant ${payShop.tenant}`);
  return exitCode;
});
