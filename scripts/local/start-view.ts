import type { PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { say } from '../lib/language';
import { findMailbox } from '../lib/mailbox';
import { asCurl, orderRequest, trackingRequest } from '../lib/system/order-api';
import { pad } from '../lib/table';
import { paint, print, title } from '../lib/terminal';
import type { LocalSystem } from './deployment/outputs';

/** Where the payment simulator answers, and whether it shows the mails of this local AWS, too. */
export type Places = { readonly payments: { readonly url: string; readonly ours: boolean } };

type Entry = {
  readonly name: { readonly en: string; readonly ja: string };
  readonly address: string;
  readonly note?: string;
};

const columnWidth = 15;

const show = (entries: readonly Entry[]) => {
  for (const { name, address, note } of entries)
    print(`  ${pad(say(name), columnWidth)} ${address}${note === undefined ? '' : paint('dim', `  ${note}`)}`);
};

const descriptionOf = ({ apiUrl }: LocalSystem): Entry => ({
  name: { en: 'API description', ja: 'API の説明' },
  address: `${apiUrl}/docs`,
});

const apisOf = ({ apiUrl, liveUrl, storefrontUrl }: LocalSystem): Entry[] => {
  const none = say({ en: 'left out: there is no WebSocket API', ja: 'なし（WebSocket API がありません）' });
  return [
    { name: { en: 'API', ja: 'API' }, address: apiUrl },
    { name: { en: 'live status', ja: 'ライブ通知' }, address: liveUrl ?? none },
    ...(storefrontUrl === undefined
      ? []
      : [{ name: { en: 'storefront', ja: 'ストアフロント' }, address: storefrontUrl }]),
  ];
};

const mailboxOf = async ({ endpoint }: LocalSystem, { payments }: Places): Promise<Entry[]> => {
  const found = await findMailbox(endpoint);
  if (found === undefined) return [];
  const address = payments.ours ? `${payments.url}/mailbox` : found.url;
  return [{ name: { en: 'mails', ja: 'メール' }, address }];
};

/** Names the pages to open in a browser, and the addresses that programs talk to. */
export const showPlaces = async (system: LocalSystem, places: Places): Promise<void> => {
  const { url } = places.payments;
  title(say({ en: 'Open in a browser', ja: 'ブラウザーで開く' }));
  show([
    descriptionOf(system),
    ...(await mailboxOf(system, places)),
    {
      name: { en: 'pay an order', ja: '支払い' },
      address: url,
      note: say({ en: 'no money moves', ja: 'お金は動きません' }),
    },
    { name: { en: 'refund, dispute', ja: '返金・異議' }, address: `${url}/dashboard` },
  ]);
  title(say({ en: 'Running in the background', ja: 'バックグラウンドで動いているもの' }));
  show([...apisOf(system), { name: { en: 'local AWS', ja: 'ローカル AWS' }, address: system.endpoint }]);
};

/** Names what was deployed by its addresses on the local AWS: CDK's own outputs are those of AWS. */
export const showDeployed = (system: LocalSystem): void => {
  title('Where it answers on this local AWS');
  show([descriptionOf(system), ...apisOf(system)]);
};

/** Shows what to type next. */
export const showNextSteps = (system: LocalSystem, placed: PlaceOrderResponse | undefined): void => {
  title(say({ en: 'Try next', ja: '次に試すこと' }));
  print(say({ en: '  Place an order:', ja: '  注文する:' }));
  print(paint('bold', `  ${asCurl(system, orderRequest([{ productId: 'PROD-002', quantity: 1 }]))}`));
  if (placed !== undefined) {
    const { orderId } = placed;
    print(say({ en: `\n  See what became of ${orderId}:`, ja: `\n  ${orderId} のその後を見る:` }));
    print(paint('bold', `  ${asCurl(system, trackingRequest(placed))}`));
  }
  print();
  const commands = [
    ['npm run status', { en: 'what runs, queues and orders', ja: '動いているもの、キュー、注文' }],
    ['npm run logs', { en: "follow the functions' logs", ja: '関数のログを追う' }],
    ['npm run pay', { en: 'pay an order of a shop with online payments', ja: 'オンライン決済の注文を支払う' }],
    ['npm stop', { en: 'end it all', ja: 'すべて終える' }],
  ] as const;
  for (const [name, what] of commands) print(`  ${name.padEnd(columnWidth)} ${say(what)}`);
};
