import { isIP } from 'node:net';
import { CommandError, command, UsageError } from '../lib/command';
import { paint, print } from '../lib/terminal';
import { mailboxPage } from '../local/mailbox-page';
import { type SimulatorOptions, startSimulator } from '../payment-simulator/server';

const help = `
npm run payment-simulator [-- --port PORT] [--host ADDRESS] [--webhook-url URL] [--mailbox ENDPOINT]

Answers as Stripe and PayPay do, on this machine alone, so that a shop can be tried out without an account with them. No
money moves, and everything is forgotten when it ends. "npm start" starts it, too.

  --port PORT        the port that it listens on; 0 takes a free one and prints it (default: 4570)
  --host ADDRESS     the address of this machine that it listens on (default: 127.0.0.1). A local AWS that runs functions in
                     containers reaches it as host.docker.internal: Docker Desktop leads that to 127.0.0.1, Docker on Linux
                     to the gateway of its bridge, usually 172.17.0.1, and then it must listen there. It asks nobody for a
                     password: let it listen on no address that others on your network can reach
  --webhook-url URL  where it sends webhooks, with {provider} in place of stripe or paypay
                     (default: the local API, http://127.0.0.1:4566/_aws/execute-api/ordersystem/local/webhooks/{provider})
  --mailbox ENDPOINT  the local AWS whose mails it shows, on /mailbox (default: none)
  --help             this text

  GET  /                          the payments that wait for a customer
  GET  /dashboard                 the payments that are paid: refund or dispute one as somebody does at the provider
  GET  /mailbox                   the mails that the shop has sent, with --mailbox
  GET  /simulator/payments        all payments, as JSON (?orderId=ORD-000001)
  GET  /simulator/webhooks        every try to deliver a webhook
  POST /simulator/payments/{id}/pay, /refuse
  POST /simulator/payments/{id}/refund    {"amount": 200}: in the provider's dashboard, without metadata; {} is all of it
  POST /simulator/payments/{id}/dispute   {"amount": 605, "reason": "fraudulent"} opens a dispute at Stripe, {"status": "won"}
                                          or "lost", "under_review" moves it on; "warning_needs_response" is an inquiry
  POST /simulator/scenarios       {"next": true, "scenario": "webhook-lost", "autoPay": true}
                                  or with "orderId", "paymentId" or "all"; GET it for the names of all scenarios
`;

const options = {
  port: { type: 'string', default: '4570' },
  host: { type: 'string', default: '127.0.0.1' },
  'webhook-url': {
    type: 'string',
    default: 'http://127.0.0.1:4566/_aws/execute-api/ordersystem/local/webhooks/{provider}',
  },
  mailbox: { type: 'string' },
} as const;

const portFrom = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new UsageError(`--port: "${text}" is not a port. See --help.`);
};

const hostFrom = (text: string): string => {
  if (isIP(text) !== 0) return text;
  throw new UsageError(`--host: "${text}" is not an IP address. See --help.`);
};

const webhookUrlFrom = (text: string): string => {
  const url = text.replaceAll('{provider}', 'stripe');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`--webhook-url: "${text}" is not an http address. See --help.`);
  if (text.includes('{provider}')) return text;
  throw new UsageError('--webhook-url: must contain {provider}, for stripe and paypay. See --help.');
};

const pagesOf = (mailbox: string | undefined): SimulatorOptions['pages'] => {
  if (mailbox === undefined) return {};
  if (URL.canParse(mailbox) && /^https?:$/.test(new URL(mailbox).protocol))
    return { '/mailbox': mailboxPage(mailbox.replace(/\/+$/, '')) };
  throw new UsageError(`--mailbox: "${mailbox}" is not an http address. See --help.`);
};

const explained =
  ({ port, host }: { readonly port: number; readonly host: string }) =>
  (error: NodeJS.ErrnoException): never => {
    if (error.code === 'EADDRINUSE')
      throw new CommandError(`Port ${port} is taken. End what listens there, or take another: --port 0`);
    if (error.code === 'EACCES') throw new CommandError(`Port ${port} may not be listened on. Take one above 1023.`);
    if (error.code === 'EADDRNOTAVAIL') throw new CommandError(`${host} is no address of this machine. See --help.`);
    throw error;
  };

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

command({ help, options }, async (given) => {
  const port = portFrom(given.port);
  const host = hostFrom(given.host);
  const webhookUrl = webhookUrlFrom(given['webhook-url']);
  const pages = pagesOf(given.mailbox);
  const stopped = stopSignal();
  const simulator = await startSimulator({ port, host, webhookUrl, ...(pages && { pages }) }).catch(
    explained({ port, host }),
  );
  print(`Payment simulator at ${paint('bold', simulator.url)}`);
  print(`  webhooks go to ${webhookUrl}`);
  await stopped;
  await simulator.stop();
  print('Payment simulator ended');
});
