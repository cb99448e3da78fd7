import { command } from '../lib/command';
import { ok, print, step } from '../lib/terminal';
import { forgetDeployment } from './deployment/deploy';
import { chosenEndpoint } from './emulator/endpoint';
import { startedEndpoint, stopMiniStack } from './emulator/ministack';
import { stopSimulator } from './simulator';

const help = `
npm stop

Ends the local AWS and the payment simulator that "npm start" started, with everything in them. Nothing else is ended.

  --help  this text
`;

command({ help, options: {} }, async () => {
  if (await stopSimulator()) ok('payment simulator ended');
  const endpoint = startedEndpoint();
  if (endpoint !== undefined) {
    await step({ doing: 'ending MiniStack', done: 'MiniStack ended' }, () => stopMiniStack());
    return forgetDeployment({ endpoint });
  }
  ok('No local AWS that was started from here is running');
  const chosen = chosenEndpoint();
  if (chosen !== undefined)
    print(`  The one at ${chosen} is not ours to end. To remove the stack from it: npm run destroy`);
});
