interface DriverError {
  readonly message: string
  readonly code?: string | undefined
  readonly constraint?: string | undefined
  readonly constraint_name?: string | undefined
}

/** An error of the database, in the same shape from both engines: `code` is PostgreSQL's five-character SQLSTATE. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: string | undefined
  readonly constraint: string | undefined

  constructor(error: DriverError) {
    super(error.message, { cause: error })
    this.code = error.code
    this.constraint = error.constraint ?? error.constraint_name
  }
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof StoreError && error.code === '23505'
}
