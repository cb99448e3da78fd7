import { command } from '../command';
import { ok, print, step } from '../terminal';
import { forgetDeployment } from './deploy';
import { chosenEndpoint } from './endpoint';
import { runningMiniStack, stopMiniStack } from './ministack';

const help = `
npm stop

Ends the local AWS that "npm start" started, with everything in it. Nothing else is ended.

  --help  this text
`;

command({ help, options: {} }, async () => {
  if (runningMiniStack() === undefined) {
    await stopMiniStack(); // workers may have outlived it
    ok('No local AWS that was started from here is running');
    if (chosenEndpoint() !== undefined)
      print('  The one at AWS_ENDPOINT_URL is not ours to end: npm run destroy removes the stack.');
    return;
  }
  await step('ending MiniStack', () => stopMiniStack());
  forgetDeployment();
});
