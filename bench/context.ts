import type { Report } from '../scripts/lib/terminal';
import type { DeployedFunction } from './assembly';
import type { Flow } from './flow';
import type { Goal, Measured } from './goal';
import type { LocalSystem, LocalSystemOptions } from './local-system';

/** What a goal measures with. What is dear is made once, when the first goal asks for it. */
export type Context = {
  readonly functions: readonly DeployedFunction[];
  /** A hundred orders of one line, in batches of ten. */
  readonly flow: () => Promise<Flow>;
  /** The system on a local AWS of its own, with yardsticks beside it and its relays switched off. */
  readonly system: () => Promise<LocalSystem>;
  /** The same on a fresh one, whose tables nothing has been written to; the other one has ended then. Whoever asks stops it. */
  readonly freshSystem: (options: LocalSystemOptions) => Promise<LocalSystem>;
  /** How often to do something: `full` times, or a few when the run is only to show that everything runs. */
  readonly times: (full: number, smoke: number) => number;
  readonly tell: Report;
};

export type GoalDefinition = {
  readonly id: Goal['id'];
  readonly what: string;
  readonly measure: (context: Context) => Promise<Measured>;
};
