import { CommandError, command } from '../../scripts/lib/command';
import { ok, print, printError, step, warn } from '../../scripts/lib/terminal';
import { type LocalEmu, startLocalEmu } from './local-emu';
import { makeNetwork, removeNetwork } from './network';
import { installLocalEmu } from './python';
import { shellAt } from './shell';
import { type Portable, steps } from './steps';

const help = `
npm run test:portability

Deploys the order system to a second local AWS (LocalEmu, as good as a LocalStack without a licence) and runs the scripts
of the README against it. It is installed into .local/ and needs Python 3.13. Functions run as Node.js processes, without
Docker; for root on Linux in a network of their own, as containers have.

  --help   this text
`;

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const deadline = AbortSignal.timeout(15 * 60_000);

type Totals = { readonly passed: number; readonly failed: number };

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));

const runSteps = async (portable: Portable): Promise<Totals> => {
  let passed = 0;
  for (const { title, needed, work } of steps) {
    try {
      await step(title, async (report) => report((await work(portable)) ?? ''));
      passed += 1;
    } catch (error) {
      printError(describe(error));
      if (needed) break;
    }
  }
  return { passed, failed: steps.length - passed };
};

const withNetwork = () => {
  const { network, problem } = makeNetwork();
  if (problem === undefined) ok(`functions run in the network namespace ${network.namespace}`);
  else warn(`functions share this machine's network, so that addresses of this machine are not found: ${problem}`);
  return network;
};

let emulator: LocalEmu | undefined;

const cleanUp = async (): Promise<void> => {
  await emulator?.stop();
  removeNetwork();
};

const test = async (): Promise<Totals> => {
  await step('LocalEmu is installed', () => installLocalEmu());
  const network = withNetwork();
  try {
    const { endpoint } = await step('LocalEmu', async (report) => {
      emulator = await startLocalEmu(network);
      report(emulator.endpoint);
      return emulator;
    });
    return await runSteps({ endpoint, network, shell: shellAt(endpoint, deadline) });
  } finally {
    await step('everything is ended and removed', cleanUp);
  }
};

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().finally(() => process.exit(130)));

command({ help, options: {} }, async () => {
  try {
    const { passed, failed } = await test();
    print(`\n${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof CommandError) printError(`\n${error.message}`);
    else throw error;
    print('\n0 passed, 1 failed');
    return 1;
  }
});
