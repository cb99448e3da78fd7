/** A setting that whoever deploys has to correct: its message says what to type, and is shown without a stack. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The names of `-c name=value` that the apps read. */
export const settingNames = [
  'stage',
  'senderEmail',
  'senderIdentity',
  'alarmEmail',
  'deletionProtection',
  'reservedConcurrency',
  'corsOrigins',
  'services',
  'live',
  'auth',
  'issuer',
  'audience',
  'jwksUri',
  'tenantClaim',
  'rolesClaim',
  'stripeUrl',
  'paypayUrl',
  'returnUrl',
  'build',
] as const;
export type SettingName = (typeof settingNames)[number];

const cdkNames = ['acknowledged-issue-numbers', 'cli-telemetry']; // `cdk acknowledge` and `cdk cli-telemetry` store them

/** Whether the CDK reads it: a feature flag, or what it has looked up, such as `availability-zones:account=…`. */
const isOfCdk = (name: string): boolean => /^@aws-cdk|[:/]/.test(name) || cdkNames.includes(name);

/** Whether so many letters added, left out or changed make one word the other. */
const isWithin = (edits: number, one: string, other: string): boolean => {
  if (edits < 0) return false;
  if (one === '' || other === '') return one.length + other.length <= edits;
  const [rest, otherRest] = [one.slice(1), other.slice(1)];
  if (one[0] === other[0]) return isWithin(edits, rest, otherRest);
  return (
    isWithin(edits - 1, rest, otherRest) || isWithin(edits - 1, rest, other) || isWithin(edits - 1, one, otherRest)
  );
};

const nearest = (name: string): SettingName | undefined => {
  const isNear = (edits: number, known: string) =>
    edits < known.length / 2 && isWithin(edits, name.toLowerCase(), known.toLowerCase());
  return [0, 1, 2].flatMap((edits) => settingNames.filter((known) => isNear(edits, known)))[0];
};

/** Returns what is wrong with the name of a context value: it is neither one of ours nor the CDK's. */
export const misnamed = (name: string): string | undefined => {
  if (settingNames.some((known) => known === name) || isOfCdk(name)) return undefined;
  const near = nearest(name);
  const instead = near === undefined ? `there are ${settingNames.join(', ')}` : `did you mean ${near}?`;
  return `there is no such setting; ${instead}`;
};

/** Throws an error with a line for each name that is neither one of ours nor the CDK's. */
export const checkNames = (names: readonly string[]): void => {
  const problems = names.flatMap((name) => {
    const problem = misnamed(name);
    return problem === undefined ? [] : [`-c ${name}: ${problem}`];
  });
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
};

/** Returns what to tell whoever typed a wrong setting. Throws any other error again: a fault keeps its stack. */
export const refusalOf = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  throw error;
};
