import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type SqliteDialectConfig
} from 'kysely'

/** Answers a query: the rows it gives. */
export type RunQuery = (query: CompiledQuery) => Promise<unknown[]>

/**
 * Kysely's SQLite dialect whose transactions take the write lock at once. A deferred one takes it at its first write
 * and fails there with SQLITE_BUSY, without waiting, when another process wrote since its first read.
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig
  readonly #isInTransaction: () => boolean

  constructor(config: SqliteDialectConfig, isInTransaction: () => boolean) {
    super(config)
    this.#config = config
    this.#isInTransaction = isInTransaction
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter()
  }

  override createDriver(): SqliteDriver {
    return new ImmediateSqliteDriver(this.#config, this.#isInTransaction)
  }
}

/** SQLite's DDL is transactional, which Kysely's adapter does not say; a migration must be whole or not at all. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  readonly #isInTransaction: () => boolean

  constructor(config: SqliteDialectConfig, isInTransaction: () => boolean) {
    super(config)
    this.#isInTransaction = isInTransaction
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** On a full disk, among others, SQLite has rolled back by itself: a second rollback would fail and hide the reason. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#isInTransaction()) await super.rollbackTransaction(connection)
  }
}

/** A database to read from alone, wherever the queries are run. */
export function createReadingDialect(run: RunQuery): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createReadingDriver(run),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler()
  }
}

function createReadingDriver(run: RunQuery): Driver {
  const refuse = async () => {
    throw new Error('this connection only reads')
  }
  const connection: DatabaseConnection = {
    // The columns are the query's to know.
    executeQuery: async (query) => ({ rows: (await run(query)) as never[] }),
    streamQuery: () => {
      throw new Error('this connection hands over whole answers')
    }
  }
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => undefined
  }
}
