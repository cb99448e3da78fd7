/** A promise of docs/promises.md that did not hold. */
export class BrokenPromiseError extends Error {
  override readonly name = 'BrokenPromiseError';

  constructor(
    readonly promise: string,
    detail: string,
  ) {
    super(`${promise}: ${detail}`);
  }
}

export const broken = (promise: string, detail: string): never => {
  throw new BrokenPromiseError(promise, detail);
};
