import { type Database, perDatabase, type Tx } from './database.ts';

const statements = perDatabase((db) => ({
  get: db.prepare<[string], { value: string }>('SELECT value FROM setting WHERE name = ?'),
  set: db.prepare('INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value'),
}));

/** Small facts with a name that the book keeps, such as the last STAN. Each name belongs to one capability. */
export const setting = (db: Database, name: string): string | undefined => statements(db).get.get(name)?.value;

export const setSetting = (tx: Tx, name: string, value: string): void => {
  statements(tx.db).set.run(name, value);
};
