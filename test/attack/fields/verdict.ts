import { Problem } from '../../../lambda/contracts/api/problem';
import type { Kind } from './hostile';
import { cardNumbers } from './hostile';
import type { Place } from './place';
import type { Answer } from './send';

export type Tried = {
  readonly place: Place;
  readonly kind: Pick<Kind, 'name' | 'refused'>;
  /** The pointers of what the contract refuses; undefined when it takes all of it. */
  readonly wrong: readonly string[] | undefined;
  readonly answer: Answer;
};

const stackTrace = /\bat \S+ \(?[^\s)]*:\d+:\d+\)?|node_modules|\/var\/task|\.ts:\d+|Error: /;
const wordsOfLibrary = /Invalid (input|option|string)|Too (small|big):|Unrecognized key|expected (string|number)/;

const problemOf = ({ text }: Answer): Problem | undefined => {
  try {
    return Problem.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const digits = (text: string) => text.normalize('NFKC').replaceAll(/\D/g, '');

/** Long names are shortened in an answer. */
const longestName = 90;
const related = (one: string, other: string) =>
  one.startsWith(other.slice(0, longestName)) || other.startsWith(one.slice(0, longestName));

const badAnswer = ({ kind, answer }: Tried, problem: Problem | undefined): string | undefined => {
  const { status, text } = answer;
  if (status >= 500) return `${status}: ${text.slice(0, 300)}`;
  if (status < 400) return undefined;
  if (problem === undefined) return `${status} is no problem details: ${text.slice(0, 300)}`;
  if (stackTrace.test(text)) return `a stack trace: ${text.slice(0, 300)}`;
  if (wordsOfLibrary.test(text)) return `words of a library: ${text.slice(0, 300)}`;
  // of the name of a thing that is not there, which may be a bar code, nothing is hidden
  const tellsCard =
    status === 400 && kind.name === 'a card number' && cardNumbers.some((card) => digits(text).includes(card));
  return tellsCard ? `tells the card number: ${text.slice(0, 300)}` : undefined;
};

const ofForm: readonly string[] = ['ValidationFailed', 'MalformedJson', 'PayloadTooLarge', 'UnsupportedMediaType'];

/** What is refused though the contract takes it, since no schema can say it: each with the words of the refusal. */
const beyondASchema = [
  'must be the nextCursor of', // made by the API, and signed
  'decimals', // depends on the currency
  'must not be a common password', // a guess at what people guess
  'is required', // of a guest, who has no address of an account
  'must equal', // a price, which the catalog has
  'is not part of the order',
  'Category',
  'is sold in',
];

const refusesRight = (problem: Problem | undefined): boolean => {
  if (problem === undefined || !ofForm.includes(problem.title)) return false;
  const words = problem.errors?.map(({ detail }) => detail) ?? [problem.detail];
  return !words.every((detail) => beyondASchema.some((part) => detail.includes(part)));
};

const refusesWrongly = ({ place, wrong, answer }: Tried, problem: Problem | undefined): string | undefined => {
  if (answer.status < 400) return `takes what the contract refuses at ${wrong?.join(', ')}: ${answer.status}`;
  if (place.part === 'path') return undefined; // no such route, or no such thing
  if (problem?.title === 'InvalidSignature') return undefined; // of a webhook, whose headers are nothing but that
  if (problem === undefined || !ofForm.includes(problem.title))
    return `is not refused for its form: ${answer.text.slice(0, 300)}`;
  const pointers = problem.errors?.map(({ pointer }) => pointer) ?? [];
  if (problem.title !== 'ValidationFailed' || wrong === undefined) return undefined;
  const named = pointers.some(
    (pointer) => pointer.endsWith('/__proto__') || wrong.some((one) => related(one, pointer)), // zod does not see it
  );
  return named ? undefined : `does not name ${wrong.join(', ')}: ${answer.text.slice(0, 300)}`;
};

/** What is wrong with an answer, by the contract and by what no contract may take. */
export const faultOf = (tried: Tried): string | undefined => {
  const { kind, wrong, answer } = tried;
  const problem = problemOf(answer);
  const bad = badAnswer(tried, problem);
  if (bad !== undefined) return bad;
  if (wrong !== undefined) return refusesWrongly(tried, problem);
  if (kind.refused === true) return answer.status < 400 ? `is taken: ${answer.status}` : undefined;
  return refusesRight(problem) ? `is refused though the contract takes it: ${answer.text.slice(0, 300)}` : undefined;
};
