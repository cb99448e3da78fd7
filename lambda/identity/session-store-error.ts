/** The sessions cannot be read or written: nobody can tell who calls. */
export class SessionStoreError extends Error {
  override readonly name = 'SessionStoreError';
}
