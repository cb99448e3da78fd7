import { codeBlocks, read, readmes, section, typed } from './documents';

const size = (text: string): number => Buffer.byteLength(text);

describe.each([
  ['README.md', 'Prerequisites', 'The picture', ['Pub/Sub', 'Fan-out', 'Isolation', 'Async', 'DLQ error handling']],
  [
    'README.ja.md',
    '必要なもの',
    '全体像',
    ['Pub/Sub', 'ファンアウト', 'サービスの分離', '非同期処理', 'DLQ によるエラー処理'],
  ],
  [
    'README.zh-CN.md',
    '前提条件',
    '全貌',
    ['发布/订阅 (Pub/Sub)', '扇出 (Fan-out)', '服务隔离', '异步处理', 'DLQ 错误处理'],
  ],
] as const)('S2-48 %s', (file, prerequisites, picture, learningPoints) => {
  const text = read(file);

  test('is read at one sitting: at most 10 KB, with the first command on the first screen', () => {
    expect(size(text)).toBeLessThanOrEqual(10_000);
    expect(text.split('\n').slice(0, 20)).toContain('npm ci && npm start');
  });

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

  test('S0-54, S0-55 names the commands of the first day: install, build, watch, test, deploy, destroy', () => {
    expect(typed(text)).toEqual(
      expect.arrayContaining([
        'npm install',
        'npm run build',
        'npx cdklocal deploy --require-approval never',
        'npx cdklocal destroy',
      ]),
    );
    for (const name of ['npm run watch', 'npm run test']) expect(text).toContain(`\`${name}\``);
  });

  test('leads to the README in the two other languages', () => {
    for (const other of readmes) expect(text.includes(`](${other})`)).toBe(other !== file);
  });
});

test('S2-48 README.en.md is the README in English', () => expect(read('README.en.md')).toBe(read('README.md')));
