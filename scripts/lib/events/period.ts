import { UsageError } from '../command';

/** From one moment to another, which is not in it any more; both in UTC. */
export type Period = { readonly from: string; readonly to: string };

const day = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 86_400_000;

const momentOf = (option: string, given: string): number => {
  const wrong = new UsageError(
    `${option} "${given}": a day such as 2026-11-21 or a time such as 2026-11-21T08:00:00Z, in UTC. See --help.`,
  );
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.test(given)) throw wrong;
  const at = Date.parse(given);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== given.slice(0, 10)) throw wrong;
  return at;
};

/** The period from --from to --to; a day given as its end is in it. Without --to it lasts until now. */
export const periodOf = (given: { from: string; to?: string | undefined }, now: Date): Period => {
  const from = momentOf('--from', given.from);
  const until = given.to === undefined ? now.getTime() : momentOf('--to', given.to) + (day.test(given.to) ? dayMs : 0);
  if (from > now.getTime()) throw new UsageError(`--from ${given.from}: lies in the future. See --help.`);
  if (from >= until) throw new UsageError(`--to ${given.to}: must be later than --from. See --help.`);
  return { from: new Date(from).toISOString(), to: new Date(until).toISOString() };
};

/** How long it is, in days. */
export const lengthOf = ({ from, to }: Period): number => (Date.parse(to) - Date.parse(from)) / dayMs;
