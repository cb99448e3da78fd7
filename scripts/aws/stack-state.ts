/**
 * What a stack's state means for the next deployment:
 * `absent` and `whole` are deployed to, `failed-first` is removed before, the others stop it.
 */
export type StackCondition =
  | 'absent'
  | 'whole'
  | 'failed-first'
  | 'busy'
  | 'stuck-rollback'
  | 'half-done'
  | 'stuck-removal';

const conditions: Readonly<Record<string, StackCondition>> = {
  REVIEW_IN_PROGRESS: 'absent', // a change set was made and never carried out
  DELETE_COMPLETE: 'absent',
  CREATE_COMPLETE: 'whole',
  UPDATE_COMPLETE: 'whole',
  UPDATE_ROLLBACK_COMPLETE: 'whole',
  IMPORT_COMPLETE: 'whole',
  IMPORT_ROLLBACK_COMPLETE: 'whole',
  ROLLBACK_COMPLETE: 'failed-first',
  CREATE_FAILED: 'half-done',
  UPDATE_FAILED: 'half-done',
  UPDATE_ROLLBACK_FAILED: 'stuck-rollback',
  IMPORT_ROLLBACK_FAILED: 'stuck-rollback',
  ROLLBACK_FAILED: 'stuck-removal',
  DELETE_FAILED: 'stuck-removal',
};

/** Returns what a stack's state means for a deployment. A state that nobody knows counts as busy: it is left alone. */
export const conditionOf = (status: string | undefined): StackCondition =>
  status === undefined ? 'absent' : (conditions[status] ?? 'busy');
