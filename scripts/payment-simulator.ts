import { CommandError, command, UsageError } from './command';
import { startSimulator } from './payment-simulator/server';
import { paint, print } from './terminal';

const help = `
npm run payment-simulator [-- --port PORT] [--webhook-url URL]

Answers as Stripe and PayPay do, on this machine alone, so that a shop can be tried out without an account with them. No
money moves, and everything is forgotten when it ends. "npm start" starts it, too.

  --port PORT        where it listens on 127.0.0.1; 0 takes a free port and prints it (default: 4570)
  --webhook-url URL  where it sends webhooks, with {provider} in place of stripe or paypay
                     (default: the local API, http://127.0.0.1:4566/_aws/execute-api/ordersystem/local/webhooks/{provider})
  --help             this text

  GET  /                          the payments that wait for a customer
  GET  /simulator/payments        all payments, as JSON (?orderId=ORD-000001)
  GET  /simulator/webhooks        every try to deliver a webhook
  POST /simulator/payments/{id}/pay, /refuse
  POST /simulator/scenarios       {"next": true, "scenario": "webhook-lost", "autoPay": true}
                                  or with "orderId", "paymentId" or "all"; GET it for the names of all scenarios
`;

const options = {
  port: { type: 'string', default: '4570' },
  'webhook-url': {
    type: 'string',
    default: 'http://127.0.0.1:4566/_aws/execute-api/ordersystem/local/webhooks/{provider}',
  },
} as const;

const portFrom = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new UsageError(`--port: "${text}" is not a port. See --help.`);
};

const webhookUrlFrom = (text: string): string => {
  const url = text.replaceAll('{provider}', 'stripe');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`--webhook-url: "${text}" is not an http address. See --help.`);
  if (text.includes('{provider}')) return text;
  throw new UsageError('--webhook-url: must contain {provider}, for stripe and paypay. See --help.');
};

const explained =
  (port: number) =>
  (error: NodeJS.ErrnoException): never => {
    if (error.code === 'EADDRINUSE')
      throw new CommandError(`Port ${port} is taken. End what listens there, or take another: --port 0`);
    if (error.code === 'EACCES') throw new CommandError(`Port ${port} may not be listened on. Take one above 1023.`);
    throw error;
  };

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

command({ help, options }, async (given) => {
  const port = portFrom(given.port);
  const webhookUrl = webhookUrlFrom(given['webhook-url']);
  const stopped = stopSignal();
  const simulator = await startSimulator({ port, webhookUrl }).catch(explained(port));
  print(`Payment simulator at ${paint('bold', simulator.url)}`);
  print(`  webhooks go to ${webhookUrl}`);
  await stopped;
  await simulator.stop();
  print('Payment simulator ended');
});
