import { openTenantByApi, signedIn } from './flow-people';
import { openVictim } from './victim';

export type Headers = Readonly<Record<string, string>>;

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** A shop with something to find in it, and somebody of each role. */
export const openAttackedShop = async () => {
  const victim = await openVictim();
  const { tenant } = victim;
  const another = await openTenantByApi(); // tenants and users that requests may suspend, disable and delete
  const [platform, leaver, member] = await Promise.all([
    signedIn('default', 'platform-admin'),
    signedIn(tenant, 'customer'),
    signedIn(tenant, 'staff'),
  ]);
  const [me] = await Promise.all([member.client.getMe(), leaver.client.getMe()]); // who is known is listed
  if (me.status !== 200) throw new Error(`nobody: ${JSON.stringify(me.body)}`);
  const callers: Readonly<Record<string, Headers>> = {
    guest: { 'x-storefront-key': victim.storefrontKey },
    customer: bearer(victim.customer.token),
    staff: bearer(victim.staff.token),
    'tenant-admin': bearer(victim.admin.token),
    'platform-admin': bearer(platform.token),
  };
  return { victim, another, memberId: me.body.userId, callers, leaver: bearer(leaver.token) };
};

export type AttackedShop = Awaited<ReturnType<typeof openAttackedShop>>;
