import type { ProblemName } from '../contracts/problem';
import { ReturnId } from '../contracts/return-status';
import type { ProblemAnswer } from '../kernel/answer';
import type { Request } from '../kernel/http';
import type { Return } from './return';
import type { ReturnStore } from './return.store';

/** A problem whose name the API's contract knows. */
export const refuse = (status: number, problem: ProblemName, detail: string): ProblemAnswer => ({
  status,
  problem,
  detail,
});

/** Whether something of a customer is the caller's to see: a customer's own, anything of the tenant for its staff. */
export const mayReach = ({ reach, caller }: Request, { userId }: { readonly userId?: string | undefined }) =>
  reach !== 'own' || (caller.userId !== undefined && userId === caller.userId);

/** The return that the path names: an unknown one, another tenant's and another customer's are answered the same. */
export const findReturn = async (
  returns: Pick<ReturnStore, 'get'>,
  request: Request,
): Promise<Return | ProblemAnswer> => {
  const returnId = request.pathParameter('returnId');
  const unknown = refuse(404, 'ReturnNotFound', 'There is no such return.');
  if (!ReturnId.safeParse(returnId).success) return unknown;
  const found = await returns.get(request.caller.tenant, returnId);
  return found !== undefined && mayReach(request, found) ? found : unknown;
};

/** Somebody else was first: whoever has `currentVersion` now may try again. */
export const versionMismatch = (detail: string, currentVersion?: number): ProblemAnswer => ({
  ...refuse(409, 'VersionMismatch', detail),
  members: { error: 'VersionMismatchError', currentVersion },
});
