/** The package brings no types. */
declare module 'pino-roll' {
  interface RollingFile {
    write(line: string): boolean;
    flushSync(): void;
  }
  export default function roll(options: {
    readonly file: string;
    readonly extension?: string;
    readonly size?: string;
    readonly limit?: { readonly count: number };
    readonly mkdir?: boolean;
  }): Promise<RollingFile>;
}
