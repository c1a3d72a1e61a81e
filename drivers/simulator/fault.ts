/** How a tester wants a fault: `times` 1 is "the next only"; `chance()` is asked each time it could act and says whether it does. */
export interface FaultUse {
  /** In the unit of the fault's `value`; its default when the tester named none. */
  readonly value: number;
  /** Infinity: until reset. */
  readonly times: number;
  readonly chance: () => boolean;
}

/** One thing that can go wrong with a device of a kind, by a name that stays: the tables of them are devices.md §6. */
export interface Fault<Device> {
  readonly zh: string;
  readonly en: string;
  /** What `value` is; undefined: it takes none. */
  readonly value?: {
    readonly unit: 'ms' | 'bytes' | 'lines' | 'status' | 'baud' | 'count';
    readonly byDefault: number;
  };
  apply(device: Device, use: FaultUse): void;
}

export type FaultTable<Device> = Readonly<Record<string, Fault<Device>>>;
