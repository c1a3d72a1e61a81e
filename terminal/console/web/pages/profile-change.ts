import { App } from 'antd';
import type { CommandBody } from '../../contract.ts';
import type { ConsoleError } from '../console-error.ts';
import { useDeed } from '../parts/deed.ts';
import { useSecret } from '../parts/secret.tsx';
import { useWords } from '../words.ts';

export type Change = Omit<CommandBody<'/settlement/profile'>, 'secret'>;

/** Applies for a change of the profile, after the secret; says whether it went up. */
export function useProfileChange(): {
  readonly busy: boolean;
  readonly error: ConsoleError | undefined;
  apply(change: Change): Promise<boolean>;
} {
  const words = useWords();
  const { message } = App.useApp();
  const askSecret = useSecret();
  const { busy, error, send } = useDeed();
  const apply = async (change: Change) => {
    const secret = await askSecret();
    if (secret === undefined) return false;
    const isDone = (await send('/settlement/profile', {}, { ...change, secret })) !== undefined;
    if (isDone) message.success(words('profile.sent'));
    return isDone;
  };
  return { busy, error, apply };
}
