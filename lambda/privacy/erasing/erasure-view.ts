import type { ErasureView } from '../../contracts/api/privacy-api';
import type { Erasure } from './erasure';

/** Returns the current state of an erasure; of an ended one, its certificate. It says of whom only the kind. */
export const erasureView = (erasure: Erasure): ErasureView => {
  const { erasureId, person, state, requestedAt, open, accountErased, ordersErased, orderKeys, erasedAt } = erasure;
  return {
    erasureId,
    subjectKind: person.kind,
    state,
    requestedAt,
    waitingFor: open,
    accountErased,
    ordersErased,
    keysDestroyed: orderKeys + (accountErased ? 1 : 0),
    erasedAt,
  };
};

/** Returns the erasure as it was when it was requested, so that a repeated request gets the same response. */
export const requestedView = (erasure: Erasure): ErasureView => {
  const { openAtRequest: open } = erasure;
  const nothing = { accountErased: false, ordersErased: 0, orderKeys: 0, erasedAt: undefined };
  return erasureView({ ...erasure, ...nothing, state: 'REQUESTED', open });
};
