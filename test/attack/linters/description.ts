import { join } from 'node:path';
import * as z from 'zod';
import { projectFolder } from '../../../scripts/lib/folders';
import type { Outcome } from '../part';
import { jsonOf, outputOf } from './output';

const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

const Found = z.object({
  problems: z.array(
    z.object({
      ruleId: z.string(),
      message: z.string(),
      location: z.array(z.object({ pointer: z.string().optional() })),
    }),
  ),
});

/** Redocly's linter over an OpenAPI description, with every rule but those that `redocly.yaml` turns off. */
export const lintDescription = async (file = join(projectFolder, 'docs', 'openapi.json')): Promise<Outcome> => {
  const cli = require.resolve('@redocly/cli/bin/cli.js');
  const args = [
    'lint',
    file,
    '--config',
    join(__dirname, 'redocly.yaml'),
    '--format',
    'json',
    '--max-problems',
    '1000',
  ];
  const { problems } = Found.parse(
    jsonOf(await outputOf(process.execPath, [cli, ...args], { env: { ...process.env, ...quiet } })),
  );
  const broken = problems.map(({ ruleId, message, location: [at] }) => ({
    what: `${ruleId}: ${message} ${at?.pointer ?? ''}`.trim(),
  }));
  return { tried: 1, broken };
};
