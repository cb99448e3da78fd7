import { inBatches } from '../../bench/events';
import { median, percentile, significant } from '../../bench/statistics';

test('a percentile is the value below which that share of the values lie', () => {
  const values = [5, 1, 4, 2, 3, 10, 9, 8, 7, 6];
  expect(median(values)).toBe(5);
  expect(percentile(values, 0.99)).toBe(10);
  expect(percentile([7], 0.5)).toBe(7);
});

test('figures keep the digits that count', () => {
  expect(significant(0.010101)).toBe(0.0101);
  expect(significant(1234.5)).toBe(1230);
});

test('the last batch holds what is left', () => {
  expect(inBatches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});
