import type { OperationContract } from '../../lambda/contracts/api/operation';
import type { Policy, Scope } from '../../lambda/contracts/api/routes';

const people: Readonly<Record<string, string>> = {
  guest: 'guests',
  customer: 'customers',
  staff: 'staff',
  'tenant-admin': 'tenant administrators',
  'platform-admin': 'platform administrators',
};

const scopes: readonly (readonly [Scope, string])[] = [
  ['own', 'what is their own'],
  ['tenant', 'what is in their shop'],
  ['all', 'every shop'],
];

const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** Who may call a route, and with which scope, in a sentence. */
export const whoMayCall = ({ allow }: Policy, { tag }: OperationContract): string => {
  if (tag === 'System') return '**Who may call it:** everybody; no credentials are looked at.';
  const groups = scopes.flatMap(([scope, what]) => {
    const who = Object.entries(allow).flatMap(([role, granted]) => (granted === scope ? [people[role] ?? role] : []));
    return who.length === 0 ? [] : [`${list.format(who)} (${what})`];
  });
  return `**Who may call it:** ${groups.join('; ')}.`;
};
