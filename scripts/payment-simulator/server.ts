import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import type { Reply } from '../lib/page';
import { controlApi } from './control-api';
import { dashboardPages } from './dashboard';
import { ledger as newLedger } from './ledger';
import { payPages } from './pay-page';
import type { SimulatedPayment } from './payment';
import { payPayApi } from './paypay-api';
import { type Asked, json, type ResponsePlan, readRequest } from './reply';
import { scenarioBook } from './scenario';
import { stripeApi } from './stripe-api';
import { webhooks } from './webhooks';

export type SimulatorOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** The address of this machine that it listens on; `0.0.0.0` takes all of them. @default 127.0.0.1 */
  readonly host?: string;
  /** Where webhooks go, with `{provider}` where its name stands. */
  readonly webhookUrl: string;
  /** Other pages of the local stage that it serves, by their paths. */
  readonly pages?: Readonly<Record<string, (asked: Asked) => Promise<Reply>>>;
};

export type Simulator = { readonly url: string; readonly stop: () => Promise<void> };

/** Things that happen later, unless the simulator ends before. */
const timers = () => {
  const running = new Set<NodeJS.Timeout>();
  return {
    later: (ms: number, work: () => void): void => {
      const timer = setTimeout(() => {
        running.delete(timer);
        work();
      }, ms);
      running.add(timer);
    },
    stop: () => running.forEach(clearTimeout),
  };
};

type Later = ReturnType<typeof timers>['later'];

type Routing = {
  readonly later: Later;
  readonly webhookUrl: string;
  readonly base: () => string;
  readonly otherPages: readonly string[];
};

const routes = ({ later, webhookUrl, base, otherPages }: Routing): ((asked: Asked) => ResponsePlan) => {
  const now = Date.now;
  const scenarios = scenarioBook();
  const { notify, forge, deliveries } = webhooks({ url: webhookUrl, now, later });
  const ledger = newLedger({ scenarios, now, notify, later, forge });
  const pageOf = ({ page }: SimulatedPayment) => `${base()}/pay/${page}`;
  const stripe = stripeApi({ ledger, pageOf });
  const payPay = payPayApi({ ledger, pageOf, now });
  const control = controlApi({ ledger, scenarios, deliveries, forge, pageOf, now });
  const pages = payPages(ledger, { now, links: ['/dashboard', ...otherPages] });
  const dashboard = dashboardPages(ledger);
  return (asked) => {
    if (asked.path.startsWith('/v1/')) return stripe(asked);
    if (asked.path.startsWith('/v2/')) return payPay(asked);
    if (asked.path.startsWith('/dashboard')) return { reply: dashboard(asked) };
    return { reply: asked.path.startsWith('/simulator/') ? control(asked) : pages(asked) };
  };
};

const send = (response: ServerResponse, { status, type, body, headers }: Reply): void => {
  response.writeHead(status, { 'content-type': type, ...headers }).end(body);
};

const tooLarge = json(413, { title: 'Content too large', status: 413 });

/** Where a browser on this machine finds what listens on an address of it. */
const addressOf = (host: string, port: number): string => {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
};

const pageAt = (pages: NonNullable<SimulatorOptions['pages']>, { method, path }: Asked) =>
  method === 'GET' && Object.hasOwn(pages, path) ? pages[path] : undefined;

/** Starts simulated providers, on loopback unless told otherwise. They forget everything when they stop. */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const { port, webhookUrl, host = '127.0.0.1', pages = {} } = options;
  const { later, stop } = timers();
  let url = '';
  const answer = routes({ later, webhookUrl, base: () => url, otherPages: Object.keys(pages) });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await readRequest(request);
    if (asked === undefined) return send(response, tooLarge);
    const page = pageAt(pages, asked);
    if (page !== undefined) return send(response, await page(asked));
    const { reply, lost = false, delayMs = 0 } = answer(asked);
    if (lost) return void request.socket.destroy();
    if (delayMs === 0) return send(response, reply);
    later(delayMs, () => send(response, reply));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  url = addressOf(host, (server.address() as AddressInfo).port);
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
