import * as z from 'zod';

/** What personal data is used for, as `docs/personal-data.md` explains each use. */
export const personalUses = ['contact', 'delivery', 'account', 'words', 'card', 'origin'] as const;
export type PersonalUse = (typeof personalUses)[number];

const marks = z.registry<{ readonly use: PersonalUse }>();

/** Marks a field that is about a person. Returns a schema that accepts the same. */
export const personal = <Schema extends z.ZodType>(use: PersonalUse, schema: Schema): Schema => {
  const marked = schema.clone(undefined, { parent: true }); // others may use the same schema for what is not personal
  marks.add(marked, { use });
  return marked;
};

/** Returns what a field with this schema is used for, or undefined when it is not marked as personal. */
export const personalUse = (schema: z.core.$ZodType): PersonalUse | undefined => marks.get(schema as z.ZodType)?.use;
