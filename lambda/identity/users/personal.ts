import { type Sealed, subjectOf } from '../../contracts/values/sealed';
import { type KeyRing, seal } from '../../kernel/sealing/key-ring';
import { type PersonalField, personalFields, type StoredUser, type User, type UserKey } from './user';

const objects: readonly PersonalField[] = ['address', 'preferences']; // sealed as JSON

const placeOf = ({ tenant, userId }: UserKey, field: PersonalField) => ({
  tenant,
  subject: subjectOf.user(userId),
  field,
});

const known = ({ ...user }: Partial<Record<PersonalField, unknown>>) =>
  personalFields.filter((field) => user[field] !== undefined);

const withoutPersonal = (user: User | StoredUser): Omit<User, PersonalField> => {
  const { email: _e, displayName: _d, firstName: _f, lastName: _l, phoneNumber: _p, ...rest } = user;
  const { address: _a, preferences: _s, avatar: _v, ...others } = rest;
  return others;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Seals what is about the person. It is left out when the user's key was destroyed. */
export const sealUser = async (keys: Pick<KeyRing, 'named'>, user: User): Promise<StoredUser> => {
  const fields = known(user);
  const key = fields.length === 0 ? undefined : await keys.named(user.tenant, subjectOf.user(user.userId));
  if (key === undefined) return withoutPersonal(user);
  const sealed = fields.map((field) => [field, seal(key, placeOf(user, field), textOf(user[field]))]);
  return { ...withoutPersonal(user), ...Object.fromEntries(sealed) };
};

/** Opens what is about the person. It is missing when the user's key was destroyed. Throws when keys cannot be read. */
export const openUser = async (keys: Pick<KeyRing, 'open'>, stored: StoredUser): Promise<User> => {
  const opened = await Promise.all(
    known(stored).map(async (field) => {
      const text = await keys.open(stored[field] as Sealed, placeOf(stored, field));
      return [field, text !== undefined && objects.includes(field) ? JSON.parse(text) : text];
    }),
  );
  return { ...withoutPersonal(stored), ...Object.fromEntries(opened) };
};
