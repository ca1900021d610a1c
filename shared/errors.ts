/**
 * Every error code there is, `room.reason`, with the HTTP status and one sentence for people. Closed: a code that is
 * not here does not compile.
 */
export const errorCodes = {
  'contract.unknown-call': [404, 'there is no such call'],
  'contract.invalid-input': [400, 'the input does not have the form the call expects'],
  'contract.forbidden-sender': [403, 'the call did not come from the window or a client that may make it'],
  'contract.unauthorized': [401, 'the bearer token is missing or not known'],
  'contract.rate-limited': [429, 'too many requests for this token'],
  'contract.too-large': [413, 'the request is larger than this call takes'],
  'module.not-found': [404, 'no module with this digest is loaded'],
  'module.unreadable': [422, 'the file could not be read'],
  'module.too-large': [413, 'the file is larger than the module limit'],
  'module.malformed': [422, 'the bytes are not a well-formed WebAssembly module'],
  'module.unsupported': [422, 'the module uses a feature that Glovebox does not run'],
  'run.not-found': [404, 'no run with this id'],
  'run.no-such-export': [422, 'the module has no such function to call'],
  'run.bad-argument': [422, 'an argument does not fit the signature'],
  'run.bad-limit': [422, 'a limit is outside its range'],
  'run.busy': [429, 'as many runs as may wait are already waiting'],
  'run.too-late': [504, 'the answer took longer than the response limit'],
  'run.not-running': [409, 'the run has already ended'],
  'run.not-sealed': [409, 'the output of this run was not sealed'],
  'run.not-pausable': [409, 'the run cannot be paused'],
  'policy.not-found': [404, 'no policy with this name'],
  'policy.read-only': [409, 'built-in policies cannot be changed'],
  'vault.locked': [423, 'the key store is locked'],
  'vault.wrong-passphrase': [403, 'the passphrase is wrong or the store is damaged'],
  'vault.damaged': [409, 'the key store could not be read and was set aside'],
  'vault.key-not-found': [404, 'no key with this id'],
  'vault.key-unusable': [409, 'the key may not be used for this'],
  'vault.bad-key': [422, 'the key could not be read'],
  'vault.weak-passphrase': [422, 'the passphrase is too short'],
  'vault.cannot-open': [422, 'the sealed data could not be opened'],
  'vault.confirmation-needed': [409, 'the act must be confirmed by typing the name'],
  'session.not-found': [404, 'the session is closed, expired or was never opened'],
  'session.too-many': [429, 'too many sessions are open'],
  'receipt.not-found': [404, 'no receipt for this run'],
  'receipt.malformed': [422, 'the receipt could not be read'],
  'token.not-found': [404, 'no token with this id'],
  'ledger.unavailable': [503, 'the audit log cannot be written, so nothing runs'],
  'ledger.not-found': [404, 'no entry with this number'],
  'ledger.bad-filter': [422, 'the filter could not be understood'],
  'ledger.damaged': [409, 'the audit log does not verify'],
  'settings.invalid': [422, 'a setting is outside what it may be'],
  'disk.failed': [500, 'a file could not be written'],
  'call.cancelled': [499, 'the caller cancelled the call'],
  internal: [500, 'something broke inside Glovebox'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ErrorCode = keyof typeof errorCodes;

/** All codes, in the order of their declaration. */
export const allErrorCodes = Object.keys(errorCodes) as ErrorCode[];

/** The HTTP status that carries this code (RFC 9110; 499 as commonly used for a client that went away). */
export function httpStatus(code: ErrorCode): number {
  return errorCodes[code][0];
}
