import { command } from '../command';
import { stackName } from '../system';
import { ok, step } from '../terminal';
import { destroySystem } from './deploy';
import { requireLocalAws } from './local-aws';

const help = `
npm run destroy

Removes the stack from the local AWS, with all its data. The local AWS goes on running; "npm stop" ends it.

  --help  this text
`;

command({ help, options: {} }, async () => {
  const { endpoint } = await requireLocalAws();
  const existed = await step(`removing ${stackName} from ${endpoint}`, () => destroySystem({ endpoint }));
  ok(existed ? 'Deploy it again with: npm start' : `There was no ${stackName}`);
});
