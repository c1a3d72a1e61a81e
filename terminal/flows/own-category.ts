import { TerminalError } from '../base/errors.ts';
import { parameter } from '../base/parameters.ts';
import type { World } from './world.ts';

/**
 * MCC_MISMATCH: the category with which this terminal was set up is not the merchant's registered one (E-073). Every request that is to take money carries the
 * registered one, so that no payment jumps to a merchant of a cheaper class.
 */
export function requireOwnCategory({ db, config }: Pick<World, 'db' | 'config'>): void {
  const registered = parameter(db, 'merchant.mcc');
  if (config.mcc !== undefined && registered !== '' && config.mcc !== registered)
    throw new TerminalError('MCC_MISMATCH', { value: config.mcc, limit: registered });
}
