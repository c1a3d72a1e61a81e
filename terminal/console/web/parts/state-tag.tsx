import { Tag } from 'antd';
import { isState, type Look, looks, type Machine, ownLooks } from '../states.ts';
import { isWord, useWords } from '../words.ts';

const colours: Readonly<Record<Look, string>> = {
  waiting: 'processing',
  good: 'success',
  bad: 'error',
  careful: 'warning',
  over: 'default',
};
const marks: Readonly<Record<Look, string>> = { waiting: '…', good: '✓', bad: '✕', careful: '!', over: '–' };

/** A state of anything, in words, with a colour and a mark. `of`: whose state it is, where the word alone would say another thing. */
export function StateTag({ state, of }: { state: string; of?: Machine }) {
  const words = useWords();
  const look = ownLooks[`${of}.${state}`] ?? (isState(state) ? looks[state] : 'over');
  const own = `state.${of}.${state}`;
  const common = `state.${state}`;
  const text = isWord(own) ? words(own) : isWord(common) ? words(common) : state;
  return (
    <Tag color={colours[look]} className="state">
      <span aria-hidden="true">{marks[look]}</span> {text}
    </Tag>
  );
}
