import type * as z from 'zod';

/** The variables that a construct sets for a handler that reads `Schema`; a forgotten one does not compile. */
export type EnvFor<Schema extends z.ZodObject> = { readonly [Name in keyof z.output<Schema>]: string };

/** Parses the environment, once at cold start. Throws one error that names every wrong variable. */
export const readEnv = <Schema extends z.ZodObject>(schema: Schema): z.output<Schema> => {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`wrong environment: ${wrong.join('; ')}`);
};
