import type { AlertView } from '../contracts/alert-api';
import type { KeptAlert } from './kept-alert';

/** The alert as the API shows it. */
export const alertView = ({ tenant: _t, sourceVersion: _s, history, ...shown }: KeptAlert): AlertView => ({
  ...shown,
  history: history.map(({ what, at, error, by, note }) => ({ what, at, error, by, note })),
});
