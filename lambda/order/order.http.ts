import type { ProblemName } from '../contracts/problem';
import type { ProblemAnswer } from '../kernel/answer';

/** A problem whose name the API's contract knows. */
export const refuse = (status: number, problem: ProblemName, detail: string): ProblemAnswer => ({
  status,
  problem,
  detail,
});
