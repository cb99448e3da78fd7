import type { Favour } from './faults';
import type { Parts } from './parts';

/** A mistake that somebody might make, and the promise that it breaks. */
export type PlantedBug = {
  /** @default any promise */
  readonly breaks?: string;
  readonly parts: Parts;
  /** It is about money: a shop of every run is paid online. */
  readonly online?: true;
  /** The faults that it takes come more often, so that few seeds show it. */
  readonly favour?: Favour;
};
