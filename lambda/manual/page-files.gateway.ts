import { readFile } from 'node:fs/promises';
import { contentTypeOf, type FileName, type PageFile } from './page-file';

/** Reads the files in the function's own folder, each at most once. */
export const pageFiles = (folder: URL) => {
  const read = new Map<FileName, Promise<string>>();

  return {
    read: async (name: FileName): Promise<PageFile> => {
      const reading = read.get(name) ?? readFile(new URL(name, folder), 'utf8');
      read.set(name, reading);
      return { contentType: contentTypeOf(name), text: await reading };
    },
  };
};

export type PageFiles = ReturnType<typeof pageFiles>;
