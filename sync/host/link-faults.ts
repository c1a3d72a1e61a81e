/** Faults of the link that a tester may set, each counted down as it happens. In memory only. */
export interface LinkFaults {
  dropWelcomes: number;
  dropUpAcks: number;
  dropDowns: number;
  duplicateDowns: number;
  /** Everything to terminals is sent so much later. */
  delayMs: number;
}

export const noLinkFaults = (): LinkFaults => ({
  dropWelcomes: 0,
  dropUpAcks: 0,
  dropDowns: 0,
  duplicateDowns: 0,
  delayMs: 0,
});

/** How often a message is to be sent now: 0, 1 or 2. */
export function copiesOf(name: 'welcome' | 'auth' | 'rows' | 'ack', faults: LinkFaults): number {
  const used = (fault: 'dropWelcomes' | 'dropUpAcks' | 'dropDowns' | 'duplicateDowns'): boolean => {
    if (faults[fault] === 0) return false;
    faults[fault] -= 1;
    return true;
  };
  if (name === 'welcome') return used('dropWelcomes') ? 0 : 1;
  if (name === 'ack') return used('dropUpAcks') ? 0 : 1;
  if (name === 'auth') return 1;
  if (used('dropDowns')) return 0;
  return used('duplicateDowns') ? 2 : 1;
}
