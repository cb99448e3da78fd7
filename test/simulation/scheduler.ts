import type { Io } from '../stores/io';
import type { Chances, Faults } from './faults';
import { BrokenPromiseError } from './promises';
import type { Random } from './random';

/** How a task came to its end: it returned, it threw, or its process died. */
export type End = 'done' | 'failed' | 'crashed';

type Task = { readonly name: string; dead: boolean; readonly ended: (end: End) => void };

type Call = {
  readonly task: Task;
  readonly name: string;
  readonly effect: () => unknown;
  readonly conflict: (() => unknown) | undefined;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
};

const callChances: Chances = {
  'crash before': 0.012,
  'crash after': 0.014,
  throttled: 0.02,
  'answer lost': 0.018,
  'sent again': 0.012, // the answer was lost, and the SDK tries again by itself, whatever has happened since
};
const transactionChances: Chances = { ...callChances, conflict: 0.03 };

/**
 * Runs tasks side by side on one thread. Every call that a task makes to the outside waits until the scheduler performs
 * it; what the task does with the answer runs to its next call before anything else happens.
 */
export const scheduler = (faults: Faults, random: Random, note: (line: string) => void) => {
  const calls: Call[] = [];
  let running = 0;
  let failure: BrokenPromiseError | undefined;

  const answer = ({ resolve, reject }: Pick<Call, 'resolve' | 'reject'>, effect: () => unknown) => {
    try {
      resolve(effect() as never);
    } catch (error) {
      if (error instanceof BrokenPromiseError) failure ??= error;
      reject(error);
    }
  };

  /** The effect happens, and nobody hears of it. */
  const unheard = (effect: () => unknown) => answer({ resolve: () => undefined, reject: () => undefined }, effect);

  const end = (task: Task, how: End) => {
    if (task.dead) return;
    task.dead = true;
    running -= 1;
    task.ended(how);
  };

  const crash = (task: Task) => {
    for (let at = calls.length - 1; at >= 0; at -= 1) {
      const call = calls[at];
      if (call?.task !== task) continue;
      calls.splice(at, 1);
      if (random.chance(0.5)) unheard(call.effect); // it was on its way already
    }
    end(task, 'crashed');
  };

  const behaviour: Readonly<Record<string, (call: Call) => void>> = {
    'crash before': ({ task }) => crash(task),
    'crash after': ({ task, effect }) => {
      unheard(effect);
      crash(task);
    },
    throttled: ({ reject }) => reject(new Error('ThrottlingException')),
    'answer lost': ({ effect, reject }) => {
      unheard(effect);
      reject(new Error('TimeoutError'));
    },
    'sent again': (call) => {
      unheard(call.effect);
      calls.push(call);
    },
    conflict: (call) => answer(call, call.conflict ?? call.effect),
  };

  return {
    /** Starts a task; `ended` hears of its end once. */
    start: (name: string, run: (io: Io) => Promise<void>, ended: (end: End) => void): void => {
      const task: Task = { name, dead: false, ended };
      running += 1;
      const io: Io = (call, effect, conflict) =>
        new Promise((resolve, reject) => {
          if (!task.dead) calls.push({ task, name: call, effect, conflict, resolve: resolve as never, reject });
        });
      run(io).then(
        () => end(task, 'done'),
        () => end(task, 'failed'),
      );
    },

    /** Performs one of the calls that wait, or loses it. */
    perform: async (): Promise<void> => {
      const [call] = calls.splice(random.below(calls.length), 1);
      if (call === undefined) return;
      const fault = faults.at(call.name, call.conflict === undefined ? callChances : transactionChances);
      note(`${call.task.name}: ${call.name}${fault === undefined ? '' : ` !! ${fault}`}`);
      if (fault === undefined) answer(call, call.effect);
      else behaviour[fault]?.(call);
      await new Promise((resolve) => setImmediate(resolve));
      if (failure !== undefined) throw failure;
    },

    waiting: (): number => calls.length,
    running: (): number => running,
  };
};

export type Scheduler = ReturnType<typeof scheduler>;
