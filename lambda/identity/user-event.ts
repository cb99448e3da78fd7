import type { UserEvent } from '../contracts/user-events';
import type { User, UserFact } from './user';

const accessFacts: ReadonlySet<UserFact> = new Set(['AccessChanged', 'SessionEnded', 'TotpConfirmed']);

/** The event that a user's newest fact stands for; nothing when it is not for others. */
export const userEvent = (user: User): UserEvent | undefined => {
  const { tenant, userId, email, displayName, version, updatedAt, correlationId, fact } = user;
  const envelope = {
    specversion: '1.0' as const,
    id: `${tenant}/${userId}:${version}`,
    source: '/users',
    subject: userId,
    time: updatedAt,
    datacontenttype: 'application/json' as const,
    tenantid: tenant,
    correlationid: correlationId,
    actor: fact.actor,
    network: fact.network,
  };
  if (accessFacts.has(fact.type)) return { ...envelope, type: 'UserAccessChanged.v1', data: { userId } };
  if (email === undefined) return undefined;
  if (fact.type === 'UserAuthenticated') return { ...envelope, type: 'UserAuthenticated.v1', data: { userId, email } };
  if (fact.type === 'UserProfileCreated')
    return { ...envelope, type: 'UserProfileCreated.v1', data: { userId, email, displayName } };
  return undefined;
};
