/** The devices that a terminal may have; a file of its own, because `pos` needs them before it loads its contract. */
export const deviceNames = ['card-reader', 'pin-pad', 'scanner', 'keypad', 'display', 'printer'] as const;
