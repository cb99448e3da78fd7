import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { controlApi } from './control-api';
import { dashboardPages } from './dashboard-page';
import { payPages } from './pay-page';
import type { SimulatedPayment } from './payment';
import { payPayApi } from './paypay-api';
import { type Asked, type Fate, json, type Reply, readRequest } from './reply';
import { scenarioBook } from './scenario';
import { stripeApi } from './stripe-api';
import { till as newTill } from './till';
import { webhooks } from './webhooks';

export type SimulatorOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** The address of this machine that it listens on; `0.0.0.0` takes all of them. @default 127.0.0.1 */
  readonly host?: string;
  /** Where webhooks go, with `{provider}` where its name stands. */
  readonly webhookUrl: string;
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

const routes = (later: Later, webhookUrl: string, base: () => string): ((asked: Asked) => Fate) => {
  const now = Date.now;
  const scenarios = scenarioBook();
  const { tell, forge, deliveries } = webhooks({ url: webhookUrl, now, later });
  const till = newTill({ scenarios, now, tell, later, forge });
  const pageOf = ({ page }: SimulatedPayment) => `${base()}/pay/${page}`;
  const stripe = stripeApi({ till, pageOf });
  const payPay = payPayApi({ till, pageOf, now });
  const control = controlApi({ till, scenarios, deliveries, forge, pageOf });
  const pages = payPages(till, now);
  const dashboard = dashboardPages(till);
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

/** Starts simulated providers, on loopback unless told otherwise. They forget everything when they stop. */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const { port, webhookUrl, host = '127.0.0.1' } = options;
  const { later, stop } = timers();
  let url = '';
  const answer = routes(later, webhookUrl, () => url);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await readRequest(request);
    if (asked === undefined) return send(response, tooLarge);
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
