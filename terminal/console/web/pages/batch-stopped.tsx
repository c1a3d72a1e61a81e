import { Alert } from 'antd';
import type { BatchView } from '../../../flows/batch-desk.ts';
import { useWords } from '../words.ts';

/** Where the host's compare ended in error: whose turn it is. */
export function BatchStopped({ batch: { state, isDecided } }: { batch: BatchView }) {
  const words = useWords();
  if (state !== 'NEEDS_HUMAN') return null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={words(isDecided ? 'batch.decided' : 'batch.needsHuman')}
      description={words(isDecided ? 'batch.decided.next' : 'batch.needsHuman.next')}
    />
  );
}
