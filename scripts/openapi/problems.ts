import { api } from '../../lambda/contracts/api/api';
import type { OperationContract } from '../../lambda/contracts/api/operation';
import { type ProblemName, problemStatuses } from '../../lambda/contracts/api/problem';
import { type Policy, roles, routes } from '../../lambda/contracts/api/routes';

const byBody = ({ body }: OperationContract): ProblemName[] => {
  if (body === undefined) return [];
  const malformed: ProblemName[] = 'contentType' in body ? [] : ['MalformedJson'];
  return [...malformed, 'PayloadTooLarge', 'UnsupportedMediaType'];
};

const byCaller = ({ allow }: Policy, { tag }: OperationContract): ProblemName[] => {
  if (tag === 'System') return []; // nobody is asked who they are
  const token: ProblemName[] = 'guest' in allow ? ['UnknownStorefrontKey'] : ['TokenRequired'];
  const someMayNot = roles.some((role) => !(role in allow));
  return [...token, 'InvalidToken', ...(someMayNot ? (['Forbidden'] as const) : []), 'TenantSuspended'];
};

const byVersion = ({ method }: Policy, { etag }: OperationContract): ProblemName[] =>
  etag && method !== 'GET' && method !== 'POST' ? ['PreconditionFailed'] : [];

/** What every operation may answer, whatever it does: wrong parameters, limits and faults. */
const always = ['ValidationFailed', 'RequestRefused', 'TooManyRequests', 'InternalError'] as const;

/** Every problem that an operation may answer: its own, and those that follow from its policy and contract. */
export const problemsOf = (operation: keyof typeof api): ReadonlyMap<number, readonly ProblemName[]> => {
  const policy: Policy = routes[operation];
  const contract: OperationContract = api[operation];
  const own = [
    ...contract.problems,
    ...byBody(contract),
    ...byCaller(policy, contract),
    ...byVersion(policy, contract),
  ];
  const names = [...new Set<ProblemName>([...own, ...always])].sort();
  const byStatus = new Map<number, ProblemName[]>();
  for (const name of names) {
    const status = problemStatuses[name];
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  byStatus.set(504, ['InternalError']); // API Gateway does not wait for ever
  return byStatus;
};
