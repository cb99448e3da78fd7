import { formatMoney } from '../../lambda/contracts/values/money';
import { OrderId, TenantId } from '../../lambda/contracts/values/text';
import { CommandError, command, UsageError } from '../lib/command';
import { payShop } from '../lib/demo/pay-shop';
import { language, say } from '../lib/language';
import { payPage, readPayments, type SimulatorPayment } from '../lib/simulator-client';
import { findSystem } from '../lib/system/system';
import { ok, paint, print, printTable } from '../lib/terminal';
import { until } from '../lib/wait';
import { runningSimulator } from '../local/simulator';

const help = `
npm run pay -- [ORDER] [--tenant TENANT] [--refuse] [--simulator URL] [--lang en|ja]

Pays an order at the payment simulator of the local stage, as its customer would on the page. Without ORDER it lists the
orders that wait to be paid, and the pages on which to pay them.

  ORDER            such as ORD-000001
  --tenant TENANT  whose order it is, when several shops have one of this name
  --refuse         does not pay: the customer gives up
  --simulator URL  another payment simulator than the one that "npm start" has started
  --lang en|ja     the language (default: that of LANG)
  --help           this text
`;

const options = { tenant: { type: 'string' }, refuse: { type: 'boolean' }, simulator: { type: 'string' } } as const;

const providers = { stripe: 'Stripe', paypay: 'PayPay' } as const;

const amountOf = ({ amount, currency }: SimulatorPayment): string => formatMoney(amount, currency, language());

const showHowToOrder = async (): Promise<void> => {
  const { apiUrl } = await findSystem();
  const body = JSON.stringify({
    customerEmail: 'guest@example.com',
    paymentMethod: 'PAYPAY',
    items: [{ productId: 'MUG-01', quantity: 1 }],
  });
  print(
    say({ en: 'No order is waiting to be paid. To place one:', ja: 'お支払い待ちの注文はありません。注文するには:' }),
  );
  print(`  bash scripts/seed-data.sh  ${paint('dim', say({ en: 'opens pay-shop', ja: 'pay-shop を開く' }))}`);
  print(
    `  curl -s ${apiUrl}/orders -H 'Content-Type: application/json' -H 'X-Storefront-Key: ${payShop.storefrontKey}' -d '${body}'`,
  );
};

const list = async (origin: string): Promise<void> => {
  const waiting = (await readPayments(origin)).filter(({ payable }) => payable);
  if (waiting.length === 0) return showHowToOrder();
  const titles = {
    en: ['order', 'shop', 'amount', 'provider', 'page'],
    ja: ['注文', 'ショップ', '金額', '決済', 'ページ'],
  }[language()];
  printTable(
    titles.map((title, index) => ({ title, align: index === 2 ? 'right' : 'left' })),
    waiting.map((one) => [one.orderId ?? '', one.tenant ?? '', amountOf(one), providers[one.provider], one.page]),
  );
};

type Wanted = { readonly orderId: string; readonly tenant?: string };

const nothingToPay = (payments: readonly SimulatorPayment[], { orderId }: Wanted): CommandError => {
  const states = payments.map(
    ({ tenant, state, payable }) => `${tenant}: ${state === 'open' && !payable ? 'expired' : state}`,
  );
  if (states.length > 0)
    return new CommandError(
      `${orderId} cannot be paid now (${states.join(', ')}). A code that has expired is replaced when the customer reads ` +
        'GET /orders/{orderId}/payment.',
    );
  return new CommandError(
    `The payment simulator has no payment of ${orderId}. Only orders of a shop with online payments wait to be paid: ` +
      'see "npm run pay" for those that do.',
  );
};

/** The payment of the order that can be paid. A moment after the order was placed there is none yet. */
const payableOf = async (origin: string, wanted: Wanted): Promise<SimulatorPayment> => {
  const look = async () => {
    const payable = (await readPayments(origin, wanted)).filter((one) => one.payable);
    return payable.length > 0 ? payable : undefined;
  };
  const [first, second] = (await until(look, { timeoutMs: 5_000, everyMs: 250 })) ?? [];
  if (first === undefined) throw nothingToPay(await readPayments(origin, wanted), wanted);
  if (second !== undefined && second.tenant !== first.tenant)
    throw new UsageError(`${wanted.orderId}: of ${first.tenant} or of ${second.tenant}? Say --tenant. See --help.`);
  return first;
};

const settle = async (origin: string, wanted: Wanted, refuse: boolean): Promise<void> => {
  const payment = await payableOf(origin, wanted);
  const page = payPage(payment.page);
  await (refuse ? page.refuse() : page.pay());
  const { orderId } = wanted;
  const [shop, amount, provider] = [payment.tenant ?? 'default', amountOf(payment), providers[payment.provider]];
  if (refuse) ok(say({ en: `${orderId} of ${shop} is not paid`, ja: `${shop} の ${orderId} は支払われませんでした` }));
  else
    ok(
      say({
        en: `${orderId} of ${shop} is paid: ${amount} by ${provider}`,
        ja: `${shop} の ${orderId} を ${provider} で支払いました: ${amount}`,
      }),
    );
  const next = `npm run timeline -- ${orderId} --tenant ${shop}`;
  print(say({ en: `See what becomes of it:  ${next}`, ja: `その後を見る:  ${next}` }));
};

command({ help, options, words: 1, speaksJapanese: true }, async ({ tenant, refuse = false, simulator }, [orderId]) => {
  if (orderId !== undefined && !OrderId.safeParse(orderId).success)
    throw new UsageError(`"${orderId}": an order such as ORD-000001. See --help.`);
  if (tenant !== undefined && !TenantId.safeParse(tenant).success)
    throw new UsageError(`--tenant "${tenant}": no tenant has this name.`);
  if (simulator !== undefined && !URL.canParse(simulator))
    throw new UsageError(`--simulator "${simulator}": is not a URL. See --help.`);
  const origin = simulator ?? runningSimulator()?.url ?? 'http://127.0.0.1:4570';
  if (orderId === undefined) return list(origin);
  await settle(origin, { orderId, ...(tenant !== undefined && { tenant }) }, refuse);
});
