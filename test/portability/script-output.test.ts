import { readChecks, violationsOf } from './script-output';

const output = `
Checks
     promise  expected                                             found
  ─  ───────  ────────────────────────────────────────
  ✓  S0-01    POST /orders answers 201                             201
  ✓           subtotal 156000 + tax 15600 = total 171600           156000 + 15600 = 171600
  ✗  S0-25    after three tries                            0 receives
  ✗           a wrong token: 404                                   500
✗ 2 of 4 checks failed: after three tries; a wrong token: 404
`;

test('P20 a script is read check by check', () => {
  expect(readChecks(output)).toEqual({
    passed: ['POST /orders answers 201', 'subtotal 156000 + tax 15600 = total 171600'],
    failed: ['after three tries', 'a wrong token: 404'],
  });
});

describe('P20 a run on the second emulator', () => {
  const fault = { script: 'a', check: 'after three tries', reason: 'the emulator tries twice' };
  const one = { passed: [], failed: ['after three tries'] };

  test('is right when nothing fails', () => {
    expect(violationsOf({ passed: ['one'], failed: [] }, 0, [])).toEqual([]);
  });

  test('is wrong when a check fails that is not listed', () => {
    expect(violationsOf(one, 1, [])).toEqual(['failed: after three tries']);
  });

  test('is right when what fails is a listed fault of the emulator', () => {
    expect(violationsOf(one, 1, [fault])).toEqual([]);
  });

  test('is wrong when a listed fault does not show', () => {
    expect(violationsOf({ passed: ['after three tries'], failed: [] }, 0, [fault])).toEqual([
      'no longer fails, take it from the list: after three tries (the emulator tries twice)',
    ]);
  });

  test('is wrong when the script ends otherwise than its checks say', () => {
    expect(violationsOf({ passed: ['one'], failed: [] }, 1, [])).toEqual(['ended with code 1, not with 0']);
    expect(violationsOf(one, 0, [fault])).toEqual(['ended with code 0, not with 1']);
  });
});
