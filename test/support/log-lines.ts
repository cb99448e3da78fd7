import { logger } from '../../lambda/kernel/logger';

type LogLine = Readonly<Record<string, unknown>>;

/** What is logged while `work` runs, line by line: what is done on standard output, what failed on standard error. */
export const logLines = async (work: () => unknown): Promise<LogLine[]> => {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0),
  );
  logger.setLogLevel('INFO');
  try {
    await work();
  } finally {
    logger.setLogLevel('SILENT');
    for (const spy of spies) spy.mockRestore();
  }
  return written.map((line) => JSON.parse(line));
};
