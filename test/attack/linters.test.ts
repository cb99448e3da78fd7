import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintDescription } from './linters/description';

describe("Redocly's linter over the description of the API", () => {
  test('F-29 finds nothing', async () => expect(await lintDescription()).toEqual({ tried: 1, broken: [] }));

  test('finds a parameter that does not say what it is', async () => {
    const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
    delete document.paths['/orders'].get.parameters[0].description;
    const file = join(mkdtempSync(join(tmpdir(), 'openapi-')), 'openapi.json');
    writeFileSync(file, JSON.stringify(document));
    const what = 'parameter-description: Parameter object description must be present.';
    expect((await lintDescription(file)).broken).toEqual([{ what: `${what} #/paths/~1orders/get/parameters/0` }]);
  });
});
