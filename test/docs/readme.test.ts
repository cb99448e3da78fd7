import { readdirSync } from 'node:fs';
import { problemNames } from '../../lambda/contracts/problem';
import { codeBlocks, found, headingLevels, prose, read, readmes, section } from './documents';

const scripts = readdirSync('scripts').filter((name) => name.endsWith('.sh') && name !== 'run.sh');
const npmScripts = Object.keys(JSON.parse(read('package.json')).scripts);
const shell = (text: string) => codeBlocks(text).filter((block) => block.startsWith('```sh'));

describe.each([
  [
    'README.md',
    'Prerequisites',
    'The picture',
    'Deploy',
    ['Pub/Sub', 'Fan-out', 'Isolation', 'Async', 'DLQ error handling'],
  ],
  [
    'README.ja.md',
    '必要なもの',
    '全体像',
    'デプロイ',
    ['Pub/Sub', 'ファンアウト', 'サービスの分離', '非同期処理', 'DLQ によるエラー処理'],
  ],
] as const)('%s', (file, prerequisites, picture, deployment, learningPoints) => {
  const text = read(file);

  test('S0-56 states the prerequisites: Node.js, Python, a running emulator, cdklocal', () => {
    const stated = section(text, prerequisites);
    for (const what of ['Node.js 20', 'Python 3.10', 'npm start', 'cdklocal']) expect(stated).toContain(what);
  });

  test('S0-57 has the architecture diagram in mermaid, with the topic and every queue', () => {
    const [diagram = ''] = codeBlocks(section(text, picture));
    expect(diagram).toMatch(/^```mermaid\n/);
    for (const name of [
      'order-events',
      'inventory-queue',
      'notification-queue',
      'billing-queue',
      'order-processing-dlq',
    ])
      expect(diagram).toContain(name);
  });

  test.each(learningPoints)('S0-57 has the learning point %s', (point) => {
    expect(section(text, picture)).toContain(`| **${point}** |`);
  });

  test('S0-54, S0-55 names the commands of the first day', () => {
    const typed = shell(text).join('\n');
    for (const line of [
      'npm install',
      'npm run build',
      'npx cdklocal deploy --require-approval never',
      'npx cdklocal destroy',
    ])
      expect(typed.split('\n')).toContain(line);
    for (const name of ['npm run watch', 'npm run test']) expect(text).toContain(`\`${name}\``);
  });

  test('S1-38 shows where the stack runs, locally and on AWS, and the commands for both', () => {
    const deploying = section(text, deployment);
    const [diagram = ''] = codeBlocks(deploying);
    expect(diagram).toMatch(/^```mermaid\n/);
    for (const where of ['MiniStack', 'AWS', 'npx cdklocal deploy', 'npx cdk deploy']) expect(diagram).toContain(where);
    const typed = shell(text).join('\n').split('\n');
    for (const line of [
      'npm ci && npm start',
      'npx cdk bootstrap',
      'npx cdk deploy -c stage=dev -c senderEmail=orders@your-domain.example',
    ])
      expect(typed).toContain(line);
    expect(deploying).toContain('npx cdk deploy -c stage=prod');
  });

  test('names every script, and none that does not exist', () => {
    expect(found(text, /bash scripts\/([\w-]+\.sh)/g)).toEqual(scripts.sort());
  });

  test('names every npm script, and none that does not exist', () => {
    const named = found(text, /npm run (?:--silent )?([\w:-]+)/g);
    const short = found(text, /npm (start|stop|test)\b/g);
    expect([...named, ...short].filter((name) => !npmScripts.includes(name))).toEqual([]);
    expect(npmScripts.filter((name) => ![...named, ...short].includes(name))).toEqual([]);
  });

  test('names every problem that the API answers with, and no other', () => {
    const rows = (text.match(/^\| \d{3}.*\|$/gm) ?? []).join('\n');
    expect(found(rows, /`([A-Z][a-z]\w+)`/g)).toEqual([...problemNames].sort());
  });
});

describe('the two READMEs say the same', () => {
  const [english, japanese] = readmes.map(read) as [string, string];

  test('they have the same headings, level by level', () => {
    expect(headingLevels(japanese)).toEqual(headingLevels(english));
  });

  test('they have the same code, line by line', () => {
    expect(codeBlocks(japanese)).toEqual(codeBlocks(english));
  });

  test('their tables and lists are of the same length', () => {
    const shape = (text: string) => prose(text).match(/^(?:\||- |\d+\. )/gm) ?? [];
    expect(shape(japanese)).toEqual(shape(english));
  });

  test('they have the same links', () => {
    const links = (text: string) => found(prose(text), /\]\(([^)]+)\)/g).filter((link) => !/^README/.test(link));
    expect(links(japanese)).toEqual(links(english));
  });
});
