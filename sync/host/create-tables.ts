import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { BusinessTables } from './business-tables.ts';

/** How the host's tables are written down: columns, then the primary key. NOT NULL unless said; STRICT. */

export type Column = readonly [name: string, type: 'text' | 'integer', may?: 'null'];
export type Table = readonly [name: keyof BusinessTables, columns: Column[], key: string[]];

export const text = (...names: string[]): Column[] => names.map((name) => [name, 'text']);
export const integer = (...names: string[]): Column[] => names.map((name) => [name, 'integer']);
export const nullable = (columns: Column[]): Column[] => columns.map(([name, type]) => [name, type, 'null']);
/** What every key of a terminal's own things starts with. */
export const own = text('merchant', 'terminal');

export async function createTables(db: Kysely<unknown>, tables: readonly Table[]): Promise<void> {
  for (const [name, columns, key] of tables) {
    let table: CreateTableBuilder<string, string> = db.schema.createTable(name);
    for (const [column, type, may] of columns) {
      table = table.addColumn(column, type, (c: ColumnDefinitionBuilder) => (may === 'null' ? c : c.notNull()));
    }
    await table.addPrimaryKeyConstraint(`${name}_key`, key).modifyEnd(sql`strict`).execute();
  }
}
