/** One measured number of a goal, beside what it is compared with. */
export type Figure = {
  readonly what: string;
  readonly unit: string;
  /** What the usual design gets, measured in the same run where that is possible. */
  readonly baseline: number | null;
  readonly value: number;
  readonly target: number;
  readonly better: 'lower' | 'higher';
};

/** What one goal's measurement came to. */
export type Measured = {
  readonly figures: readonly Figure[];
  /** How it was measured, and what a reader must know to judge it. */
  readonly note: string;
  /** Figures behind the figures. */
  readonly details?: Readonly<Record<string, unknown>>;
};

const isMet = ({ value, target, better }: Figure): boolean => (better === 'lower' ? value <= target : value >= target);

export type Goal = {
  readonly id: string;
  readonly what: string;
  readonly baseline: number | null | readonly (number | null)[];
  readonly value: number | readonly number[];
  readonly target: string;
  readonly met: boolean;
  readonly note: string;
  /** A hash of the code that was measured. */
  readonly sources: string;
  readonly figures: readonly (Figure & { readonly met: boolean })[];
  readonly details?: Readonly<Record<string, unknown>>;
};

const one = <T>(values: readonly T[]): T | readonly T[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;

/** `≤ 0.25` */
export const targetText = ({ better, target }: Figure) => `${better === 'lower' ? '≤' : '≥'} ${target}`;

/** What a goal is about, and the code that it was measured with. */
export type Subject = Pick<Goal, 'id' | 'what' | 'sources'>;

/** The report's entry: met when each of its figures is. */
export const toGoal = (subject: Subject, { figures, ...rest }: Measured): Goal => ({
  ...subject,
  baseline: one(figures.map(({ baseline }) => baseline)),
  value: one(figures.map(({ value }) => value)),
  target: figures.map(targetText).join('; '),
  met: figures.every(isMet),
  figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })),
  ...rest,
});
