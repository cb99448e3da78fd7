import { writeFileSync } from 'node:fs';
import { command } from '../lib/command';
import { print } from '../lib/terminal';
import { openApiDocument } from '../openapi/document';

const help = `
Writes the description of the API, as it follows from the contracts and the policy table, to docs/openapi.json.

Usage: npm run openapi [-- --publish]

  --publish  the description is released: later ones are compared with it (docs/openapi.published.json)
`;

command({ help, options: { publish: { type: 'boolean' } } }, async ({ publish = false }) => {
  const text = `${JSON.stringify(openApiDocument(), undefined, 2)}\n`;
  const files = ['docs/openapi.json', ...(publish ? ['docs/openapi.published.json'] : [])];
  for (const file of files) {
    writeFileSync(file, text);
    print(`written: ${file}`);
  }
});
