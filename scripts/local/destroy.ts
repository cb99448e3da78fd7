import { command } from '../lib/command';
import { confirm } from '../lib/confirm';
import { presentApps } from '../lib/system/apps';
import { ok, print } from '../lib/terminal';
import { destroySystem } from './deployment/deploy';
import { describeStack } from './deployment/stack';
import { requireLocalAws } from './emulator/local-aws';

const help = `
npm run destroy [-- --force]

Removes the system from the local AWS, with all its data, once the question is answered with y. The local AWS goes on
running; "npm stop" ends it.

  --force  does not ask (-y is the same)
  --help   this text
`;

const options = { force: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' } } as const;

command({ help, options }, async ({ force, yes }) => {
  const { endpoint } = await requireLocalAws();
  const stacks = presentApps().map(({ stack }) => stack);
  const deployed = await Promise.all(stacks.map((stack) => describeStack(endpoint, stack)));
  const names = stacks.filter((_, index) => deployed[index] !== undefined).join(' and ');
  if (names === '') return ok(`Nothing is deployed at ${endpoint}`);
  const answer = force || yes ? 'yes' : await confirm(`Remove ${names} from ${endpoint}, with all data?`);
  if (answer !== 'yes') {
    print('Nothing was removed. Without a question: npm run destroy -- --force');
    return answer === 'no' ? 0 : 1;
  }
  await destroySystem({ endpoint });
  print('Deploy it again with:  npm start');
  return 0;
});
