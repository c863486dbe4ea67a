/**
 * Every mistake of an operator or programmer has one code here; docs/errors.md is tested against this table.
 * Bad outside data is counted and shown, not thrown; a "no" is a verdict, not an error. A code is never reused.
 * `exit` is the command line's exit code (2 usage, input or environment; 3 a fault of Firebreak), `status` the HTTP status.
 */
export const ERRORS = {
  'input/file-missing': { exit: 2, status: 400, text: 'Cannot open %s: no such file.' },
  'input/file-unreadable': { exit: 2, status: 400, text: 'Cannot read %s: %s.' },
  'input/truncated': { exit: 2, status: 400, text: '%s ends in the middle of its compressed data; copy it again.' },
  'input/encoding': { exit: 2, status: 400, text: '%s is not UTF-8 text (%s); convert it first.' },
  'input/format': { exit: 2, status: 400, text: '%s: %s.' },
  'input/parquet': {
    exit: 2,
    status: 400,
    text: '%s is Parquet, which this version cannot read yet; export it as CSV.',
  },
  'input/columns': { exit: 2, status: 400, text: '%s: %s.' },
  'input/too-many-bad-lines': { exit: 2, status: 400, text: '%s: %s of %s lines are bad (limit %s); first: %s.' },
  'input/no-seeds': {
    exit: 2,
    status: 400,
    text: 'No seed of %s is in the graph; check that ids are written the same way.',
  },
  'input/invalid': { exit: 2, status: 400, text: '%s' },
  'usage/option': { exit: 2, status: 400, text: '%s' },
  'graph/finished': { exit: 3, status: 500, text: 'This graph is finished; start a new builder to add edges.' },
  'graph/weight': { exit: 2, status: 400, text: 'An edge weight must be a positive number, not %s.' },
  'graph/node': { exit: 3, status: 500, text: 'There is no node %s; the graph has %s.' },
  'graph/too-large': { exit: 2, status: 400, text: 'A graph holds at most %s accounts and items, and 4 GB of ids.' },
  'graph/buffer': { exit: 2, status: 400, text: 'These bytes are not a stored graph: %s.' },
  'graph/buffer-version': { exit: 2, status: 400, text: 'The stored graph has version %s; this program reads %s.' },
  'ledger/locked': {
    exit: 2,
    status: 503,
    text: 'The data directory %s is in use by another process; stop it first, or use its address.',
  },
  'ledger/unavailable': { exit: 2, status: 503, text: 'The store cannot be reached: %s.' },
  'ledger/nested': {
    exit: 3,
    status: 500,
    text: 'A query outside the running transaction was awaited inside it; it would wait for ever.',
  },
  'ledger/task-unknown': {
    exit: 3,
    status: 500,
    text: 'The task %s was not defined before a transaction added it; call ledger.tasks.define first.',
  },
  'ledger/closed': { exit: 3, status: 503, text: 'The store is closed.' },
  'ledger/schema-newer': {
    exit: 2,
    status: 503,
    text: 'The store was written by a newer version (migration %s); upgrade first.',
  },
  'ledger/chain-broken': { exit: 1, status: 500, text: 'The audit chain breaks at entry %s: %s.' },
  'http/not-found': { exit: 2, status: 404, text: 'There is no %s here.' },
  'http/host': { exit: 2, status: 421, text: 'This address does not serve the host name that was asked for.' },
  'http/body': { exit: 2, status: 400, text: 'The request cannot be read: %s.' },
  'http/too-large': { exit: 2, status: 413, text: 'The request is larger than the %s allowed here.' },
  'http/media-type': { exit: 2, status: 415, text: 'This media type is not read here.' },
  'http/cross-site': { exit: 2, status: 403, text: 'A change must come from this console itself or carry an API key.' },
  'http/conflict': { exit: 2, status: 409, text: '%s' },
  'http/busy': { exit: 2, status: 429, text: '%s; try again shortly.' },
  'access/required': { exit: 2, status: 401, text: 'Sign in, or send an API key.' },
  'access/denied': { exit: 2, status: 403, text: 'This needs the permission %s.' },
  'access/refused': { exit: 2, status: 401, text: 'Name, password or code is wrong.' },
  'access/throttled': { exit: 2, status: 429, text: 'Too many attempts; wait %s seconds.' },
  'access/link': {
    exit: 2,
    status: 401,
    text: 'This sign-in link was used already or has expired; start again for a new one.',
  },
  'access/password': { exit: 2, status: 400, text: 'The password needs at least %s characters.' },
  'access/bind': {
    exit: 2,
    status: 400,
    text: 'Will not listen on %s: only this machine (127.0.0.1) until an administrator with password and code exists.',
  },
  'access/second-person': {
    exit: 2,
    status: 403,
    text: 'This would reveal %s accounts; more than %s need a second person. Write pseudonyms, or narrow it with --limit.',
  },
  'plan/second-person': { exit: 2, status: 403, text: 'A plan is approved by people who did not write it, each once.' },
  'plan/person': { exit: 2, status: 403, text: 'This is done by a signed-in person, not with a key.' },
  'plan/obstacles': { exit: 2, status: 409, text: 'This plan cannot go on: %s.' },
  'appeal/refused': { exit: 2, status: 409, text: 'This appeal cannot be decided so: %s.' },
  'lexicon/lint': { exit: 2, status: 409, text: 'This entry cannot go on: %s.' },
  'lexicon/state': { exit: 2, status: 409, text: 'That is not possible now: %s.' },
  'lexicon/second-person': {
    exit: 2,
    status: 403,
    text: 'An entry is approved by a signed-in person who neither owns it nor wrote this version.',
  },
  'text/term-script': { exit: 2, status: 400, text: 'There is no script %s; use its Unicode or ISO 15924 name.' },
  'text/pattern-invalid': { exit: 2, status: 400, text: 'The regular expression %s is not valid: %s.' },
  'text/pattern-limit': { exit: 2, status: 400, text: 'The regular expression %s is over the limit: %s.' },
  'rule/refused': { exit: 2, status: 422, text: 'The rule %s is refused at line %s, column %s: %s.' },
  'rule/regression': {
    exit: 1,
    status: 409,
    text: 'The change is refused: %s. Send "force" with a note to make it all the same.',
  },
  'probe/failed': { exit: 2, status: 502, text: 'The probe run failed: %s.' },
  'probe/definition': { exit: 2, status: 400, text: 'The probe definition is not valid: %s.' },
  'probe/unreachable': { exit: 2, status: 502, text: 'The recommender cannot be reached: %s.' },
  'probe/timeout': { exit: 2, status: 504, text: 'The recommender did not answer within %s ms.' },
  'probe/status': { exit: 2, status: 502, text: 'The recommender answered with %s instead of a success.' },
  'probe/malformed': { exit: 2, status: 502, text: "The recommender's answer cannot be used: %s." },
  'media/hash': { exit: 2, status: 400, text: 'This is not a PDQ hash of 64 hexadecimal digits: %s.' },
  'media/pixels': { exit: 3, status: 500, text: 'A picture of %s has no %s bytes.' },
  'media/index-buffer': { exit: 2, status: 400, text: 'These bytes are not a stored radius index: %s.' },
  'media/index-version': { exit: 2, status: 400, text: 'The stored index has version %s; this program reads %s.' },
  'media/entry': { exit: 3, status: 500, text: 'There is no entry %s; the index has %s.' },
  'media/index-full': { exit: 2, status: 400, text: 'A radius index of %s hashes does not fit into 4 GiB.' },
  'media/index-readers': { exit: 3, status: 500, text: 'At most %s threads read one radius index.' },
  'media/features': { exit: 2, status: 400, text: 'Line %s is not a vPDQ feature: %s.' },
  'review/not-held': { exit: 2, status: 409, text: 'Job %s is not in your hands; take it first.' },
  'review/held': { exit: 2, status: 409, text: 'Job %s is in the hands of %s until %s.' },
  'review/closed': { exit: 2, status: 409, text: 'Job %s is closed.' },
  'review/decision': { exit: 2, status: 400, text: 'The decision is not complete: %s.' },
  'review/undo': { exit: 2, status: 409, text: 'Decision %s can no longer be undone: %s.' },
  'review/budget': {
    exit: 2,
    status: 409,
    text: 'Your exposure budget for today is used up; lighter work and a break are there for you.',
  },
  'review/purpose': {
    exit: 2,
    status: 400,
    text: 'Looking at this needs an open job of yours, or a purpose that will be reviewed.',
  },
  'review/evidence': { exit: 2, status: 404, text: 'This evidence cannot be shown: %s.' },
  'internal/fault': { exit: 3, status: 500, text: 'A fault of Firebreak: %s.' },
} as const satisfies Record<string, { exit: 1 | 2 | 3; status: number; text: string }>

export type ErrorCode = keyof typeof ERRORS

/** An operator's or programmer's mistake, with a stable code; tests and clients look at `code`, people read `message`. */
export class FirebreakError extends Error {
  override readonly name = 'FirebreakError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, details: readonly unknown[] = [], options?: ErrorOptions) {
    let next = 0
    super(
      ERRORS[code].text.replace(/%s/g, () => String(details[next++])),
      options,
    )
    this.code = code
  }

  get exitCode(): number {
    return ERRORS[this.code].exit
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}

export function isFirebreakError(error: unknown): error is FirebreakError {
  return error instanceof FirebreakError
}
