export type { ReferenceAction } from "./ast/table-nodes.js";
export type { AlterTableBuilder } from "./builder/alter-table-builder.js";
export type { ColumnOptions, Columns, ReferenceOptions } from "./builder/column-options.js";
export type { ColumnOperator, ConditionGroup } from "./builder/condition-list.js";
export type { DeleteBuilder } from "./builder/delete-builder.js";
export { escapeLike } from "./builder/escape-like.js";
export type { ConflictBuilder, InsertBuilder } from "./builder/insert-builder.js";
export type { PreparedQuery, PreparedValues } from "./builder/prepared-query.js";
export type { AnySchema, ConditionValue } from "./builder/schema-types.js";
export type { Direction, NullsPlace, SelectBuilder } from "./builder/select-builder.js";
export type { Statement } from "./builder/statement-builder.js";
export type { UpdateBuilder } from "./builder/update-builder.js";
export type { CompiledQuery } from "./compiler/compiled-query.js";
export { Database, type DatabaseOptions, type DatabaseStatus } from "./database/database.js";
export type { QueryScope } from "./database/query-scope.js";
export type { Transaction } from "./database/transaction.js";
export type { DialectName, PoolOptions } from "./dialects/dialect.js";
export type { IsolationLevel, TransactionOptions } from "./driver/driver.js";
export {
  DatabaseConnectionError,
  LockTimeoutError,
  MigrationError,
  type OptionIssue,
  QueryArgumentError,
  QueryError,
  type QueryErrorCode,
  StatementError,
  TransactionError,
  UnsupportedError,
} from "./errors.js";
export type { Logger } from "./logger.js";
export { type MigrateOptions, type MigrateResult, migrate } from "./migration/migrate.js";
export type { Migration, MigrationModule, MigrationStep } from "./migration/migration.js";
export type { MigrationSource } from "./migration/migration-list.js";
export { type MigrationState, migrationStatus } from "./migration/migration-status.js";
export { migration } from "./migration/migration-steps.js";
export { getSortedMigrations } from "./migration/sorted-migrations.js";
export type {
  Association,
  Associations,
  BelongsTo,
  HasMany,
  Include,
  IncludeOptions,
  ManyToMany,
} from "./model/association.js";
export { defineModel } from "./model/define-model.js";
export type { FindOptions, Model, Page } from "./model/model.js";
export type { ModelRow, NewRow, RowChanges } from "./model/model-types.js";
export type { WhereBuilder } from "./model/where-builder.js";
export type { NamedParam } from "./sql/named-param.js";
export type { RawSQL } from "./sql/raw-sql.js";
export type { QueryTrace } from "./tracing/query-channel.js";
export type { ArrayItem, ArrayValue } from "./values/array-value.js";
export type { ArrayType, ColumnType, ElementType } from "./values/column-type.js";
export type { Parameter } from "./values/parameter.js";
export type { Row } from "./values/row.js";
export type { BigintMode } from "./values/row-mapper.js";
