import { writeFileSync } from 'node:fs';
import { command } from '../lib/command';
import { print } from '../lib/terminal';
import { baselineOf, printBaseline } from '../openapi/baseline';
import { openApiDocument } from '../openapi/document';

const help = `
Writes the description of the API, as it follows from the contracts and the policy table, to docs/openapi.json.

Usage: npm run openapi [-- --publish]

  --publish  the description is released: what its clients depend on goes to docs/openapi.published.json, and later
             descriptions are compared with it
`;

const write = (file: string, text: string) => {
  writeFileSync(file, `${text}\n`);
  print(`written: ${file}`);
};

command({ help, options: { publish: { type: 'boolean' } } }, async ({ publish = false }) => {
  const document = openApiDocument();
  write('docs/openapi.json', JSON.stringify(document, undefined, 2));
  if (publish) write('docs/openapi.published.json', printBaseline(baselineOf(JSON.parse(JSON.stringify(document)))));
});
