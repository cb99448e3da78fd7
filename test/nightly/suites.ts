/** A part of what runs every night that takes less than five minutes on a machine with two cores. */
export type Suite = {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** It has so many slices, of which a commit runs one: `--slice 3/40`. */
  readonly slices?: number;
};

const whole = { VOLUME: 'full' };

/** Test files with their figures whole. */
const files = (name: string, project: 'unit' | 'flow' | 'serial', ...paths: readonly string[]): Suite => ({
  name,
  args: ['jest', '--selectProjects', project, '--runInBand', '--', ...paths],
  env: whole,
});

/** One whose figures take longer than a suite may: it has them to a third. */
const shortened = (suite: Suite): Suite => ({ ...suite, env: { VOLUME: 'third' } });

export const suites: readonly Suite[] = [
  { name: 'simulation', args: ['tsx', 'test/simulation/run.ts', '--seeds', '1000', '--from', '3001'] },
  { name: 'one-fault', args: ['tsx', 'test/simulation/run.ts', '--one-fault'], env: whole },
  files('generated', 'unit', 'test/api/generated-requests', 'test/order/generated-orders', 'test/alert/owed-refunds'),
  files('disagreements', 'unit', 'test/alert/disagreements'),
  files('exactly-once', 'flow', 'test/flows/exactly-once'),
  files('payments', 'flow', 'test/flows/payments'),
  files('requests', 'flow', 'test/flows/generated-requests', 'test/flows/live-isolation'),
  shortened(files('faults', 'serial', 'test/flows/faults')),
  { name: 'mutation', args: ['tsx', 'test/mutation/run.ts', '--minutes', '4'], slices: 40 },
  { name: 'portability', args: ['tsx', 'test/portability/run.ts'] },
  { name: 'linters', args: ['tsx', 'test/attack/run.ts', '--only', 'templates,openapi'] },
  { name: 'bench-latency', args: ['tsx', 'bench/run.ts', '--smoke', '--only', 'G1,G3'] },
  { name: 'bench-throughput', args: ['tsx', 'bench/run.ts', '--smoke', '--only', 'G8,G10,G11'] },
];

const turnOf = (commit: string): number => Number.parseInt(commit.slice(0, 12), 16);

/** What a commit runs of a suite: one of its slices, if it has any, which follows from the hash, too. */
export const argsOf = ({ args, slices }: Suite, commit: string): readonly string[] => {
  if (slices === undefined) return args;
  return [...args, '--slice', `${1 + (Math.floor(turnOf(commit) / suites.length) % slices)}/${slices}`];
};

/** The suite whose turn it is: each commit has one, which follows from its hash. */
export const suiteOf = (commit: string): Suite => {
  const turn = turnOf(commit);
  const suite = suites[turn % suites.length];
  if (suite === undefined) throw new Error(`"${commit}" is no hash of a commit`);
  return suite;
};
