import { writeFileSync } from 'node:fs';
import { type Policy, roles, routes } from '../../lambda/contracts/api/routes';
import { read } from './documents';

const files = ['docs/guides/sign-in-and-tenants.md', 'docs/ja/sign-in-and-tenants.md'];

const marked = /<!-- routes -->\n(.*?)<!-- \/routes -->/s;

const callers = ['guest', ...roles] as const;

const scopeOf = ({ allow }: Policy): string => callers.map((caller) => allow[caller] ?? '–').join(' | ');

/** One row for the routes that the same callers may call, in the order of the policy table. */
const table = (): string => {
  const rows = new Map<string, string[]>();
  for (const policy of Object.values<Policy>(routes)) {
    const route = `\`${policy.method} ${policy.path}\``;
    rows.set(scopeOf(policy), [...(rows.get(scopeOf(policy)) ?? []), route]);
  }
  const lines = [
    `| route | ${callers.join(' | ')} |`,
    `| --- |${' --- |'.repeat(callers.length)}`,
    ...[...rows].map(([scope, named]) => `| ${named.join(', ')} | ${scope} |`),
  ];
  return `\n${lines.join('\n')}\n\n`;
};

/** `UPDATE_README=1 npx jest test/docs` writes the table after a change of the policy table. */
test.each(files)('P16 %s says who may call what, as the policy table has it', (file) => {
  const text = read(file);
  if (process.env.UPDATE_README)
    writeFileSync(file, text.replace(marked, `<!-- routes -->\n${table()}<!-- /routes -->`));
  expect(marked.exec(read(file))?.[1]).toBe(table());
});
