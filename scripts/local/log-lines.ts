import { type Colour, paint } from '../lib/terminal';

/** One line that a function wrote. */
export type LogEvent = { readonly source: string; readonly timestamp: number; readonly message: string };

const isPlatform = (message: string): boolean => /^(START|END|REPORT|INIT_START) /.test(message);

const parse = (message: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const colours: Readonly<Record<string, Colour>> = { ERROR: 'red', CRITICAL: 'red', WARN: 'yellow', DEBUG: 'dim' };

const level = (name: string): string => {
  const colour = colours[name];
  return colour === undefined ? name.padEnd(5) : paint(colour, name.padEnd(5));
};

// what the line's beginning says already, and what is the same in every line of a function
const shown = new Set(['level', 'message', 'timestamp', 'service', 'cold_start', 'sampling_rate', 'xray_trace_id']);
const isShown = (name: string) => shown.has(name) || name.startsWith('function_');

const details = (line: Readonly<Record<string, unknown>>): string =>
  Object.entries(line)
    .filter(([name]) => !isShown(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

const oneLine = (text: string) => text.replace(/\p{Cc}+/gu, ' ').trim(); // what came over a queue must not steer the terminal

/** A function's line as people read it. `undefined` for what the platform says around it, and for metrics. */
export const formatLogEvent = ({ source, timestamp, message }: LogEvent): string | undefined => {
  if (isPlatform(message)) return undefined;
  const time = paint('dim', new Date(timestamp).toISOString().slice(11, 23));
  const line = parse(message);
  if (line === undefined) return `${time}       ${paint('bold', source)}  ${oneLine(message)}`;
  if ('_aws' in line) return undefined;
  const text = oneLine(String(line.message ?? ''));
  return `${time} ${level(String(line.level ?? ''))} ${paint('bold', source)}  ${text}  ${paint('dim', oneLine(details(line)))}`.trimEnd();
};
