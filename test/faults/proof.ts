/**
 * What proves something: `file > title of the test as it runs`, where a title that ends with … begins so, or a scenario file. Of a test
 * that has a row for each fault, a function of the fault's name.
 */
export type Proof = string | ((fault: string) => string | readonly string[]);
export type Proofs<Fault extends string = string> = Readonly<Record<Fault, readonly Proof[]>>;

export const driver = (name: string): string => `test/drivers/${name}.test.ts`;

/** Scenario files, by name. */
export const scene = (...names: readonly string[]): Proof => {
  const files = names.map((name) => `test/scenarios/${name}.json`);
  return () => files;
};

/** A scene in test/scenarios that is no file, by what is given in it. */
export const story = (name: string, given: string): string => `test/scenarios/${name}.test.ts > ${given} → …`;
