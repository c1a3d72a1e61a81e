import { App, Button } from 'antd';
import { useWords } from '../words.ts';

/** A long number, shown in short, that can be copied whole. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const words = useWords();
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      message.success(words('list.copied'));
    } catch {
      message.info(text); // A browser may forbid it: then it can be read whole.
    }
  };
  return (
    <span className="copyable">
      <code title={text}>{text.length > 16 ? `${text.slice(0, 8)}…${text.slice(-4)}` : text}</code>
      <Button size="small" type="text" aria-label={label} onClick={() => void copy()}>
        {words('copy')}
      </Button>
    </span>
  );
}
