import * as z from 'zod';

/** Whose pages may call the API: origins with blanks between them, `none`, or `*` for all. */
export const originsEnv = z.object({
  CORS_ORIGINS: z
    .string()
    .min(1)
    .transform((text) => (text === 'none' ? [] : text.split(' '))),
});
