import { wrapHelp } from '../../../scripts/lib/help';

const help = `
npm run pay -- [ORDER] [--refuse]

Pays an order at the payment simulator of the local stage, as its customer would on the page.
Without ORDER it lists those that wait.

  ORDER     such as ORD-000001, or the name of another one
            that waits to be paid
  --refuse  does not pay
`;

test('a help text is wrapped to the terminal, each description below itself', () => {
  expect(wrapHelp(help, 40)).toBe(
    [
      'npm run pay -- [ORDER] [--refuse]',
      '',
      'Pays an order at the payment simulator',
      'of the local stage, as its customer',
      'would on the page. Without ORDER it',
      'lists those that wait.',
      '',
      '  ORDER     such as ORD-000001, or the',
      '            name of another one that',
      '            waits to be paid',
      '  --refuse  does not pay',
    ].join('\n'),
  );
});

test('a help text that fits stays as it is', () => expect(wrapHelp(help, 120)).toBe(help.trim()));
