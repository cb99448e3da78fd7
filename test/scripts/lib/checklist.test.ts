import { checklist } from '../../../scripts/lib/checklist';

const printed = (work: () => number): { code: number; text: string } => {
  let text = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  try {
    return { code: work(), text };
  } finally {
    write.mockRestore();
  }
};

test('a script whose every expectation holds ends with 0', () => {
  const { code, text } = printed(() => {
    const { check, conclude } = checklist();
    check('S0-01', 'POST /orders answers 201', true, 201);
    return conclude();
  });
  expect(code).toBe(0);
  expect(text).toContain('✓ POST /orders answers 201  S0-01\n');
  expect(text).toContain('1 of 1 checks passed');
});

test('one expectation that fails makes the script end with 1 and name it', () => {
  const { code, text } = printed(() => {
    const { check, conclude } = checklist();
    check('S0-01', 'POST /orders answers 201', true);
    check('S0-41', 'every queue holds 0 messages', false, 'billing-queue');
    return conclude();
  });
  expect(code).toBe(1);
  expect(text).toContain('✗ every queue holds 0 messages: billing-queue  S0-41\n');
  expect(text).toContain('1 of 2 checks failed: every queue holds 0 messages');
});
