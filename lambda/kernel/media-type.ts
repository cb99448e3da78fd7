import { MIMEType } from 'node:util';

/** A media type in lower case, and the charset that it names. */
export type MediaType = { readonly type: string; readonly charset: string | undefined };

/** Reads `Content-Type` with whatever parameters, quoted or not. Returns undefined when it is none. */
export const mediaTypeOf = (header = ''): MediaType | undefined => {
  try {
    const { essence, params } = new MIMEType(header);
    return { type: essence, charset: params.get('charset')?.trim().toLowerCase() };
  } catch {
    return undefined;
  }
};
