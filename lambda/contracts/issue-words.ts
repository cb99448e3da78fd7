import type * as z from 'zod';
import './words';

/** What is wrong with one cell of a file, for whoever wrote it: a cell is missing, and a column is unknown. */
export const issueWords = ({ code, message }: z.core.$ZodIssue): string => {
  if (code === 'unrecognized_keys') return 'is unknown';
  return message === 'is required' ? 'is missing' : message;
};
