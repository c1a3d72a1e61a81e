import { Alert, Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { fenOf, yuan } from '../formats.ts';
import { DayRange } from '../parts/day-range.tsx';
import { useWords, type Word } from '../words.ts';
import { fits, type TransactionFilter, transactionStates, transactionTypes } from './transaction-filter.ts';

const inputOf = (amount: number | undefined): string => (amount === undefined ? '' : yuan(amount).replaceAll(',', ''));

/** What the list is of. Nothing is asked before Search is pressed, or Enter in a field. */
export function TransactionFilterForm({
  filter,
  onFind,
}: {
  filter: TransactionFilter;
  onFind: (filter: TransactionFilter) => void;
}) {
  const words = useWords();
  const [chosen, setChosen] = useState(filter);
  const [amounts, setAmounts] = useState({ min: inputOf(filter.minFen), max: inputOf(filter.maxFen) });
  const [problem, setProblem] = useState<Word>();
  const change = (part: Partial<TransactionFilter>) => setChosen({ ...chosen, ...part });

  const find = (event: FormEvent) => {
    event.preventDefault();
    const [minFen, maxFen] = [fenOf(amounts.min), fenOf(amounts.max)];
    const wrong = problemOf({ ...chosen, minFen, maxFen }, amounts);
    setProblem(wrong);
    if (!wrong) onFind({ ...chosen, minFen, maxFen });
  };

  const reset = () => {
    setChosen({});
    setAmounts({ min: '', max: '' });
    setProblem(undefined);
    onFind({});
  };

  return (
    <search aria-label={words('txn.showFilter')}>
      <form className="filter" onSubmit={find}>
        <DayRange value={chosen} onChange={(range) => change({ from: range.from, to: range.to })} />
        <Choice
          label={words('txn.type')}
          value={chosen.type}
          options={transactionTypes.map((type) => ({ value: type, label: words(`type.${type}`) }))}
          onChange={(type) => change({ type })}
        />
        <Choice
          label={words('list.state')}
          value={chosen.state}
          options={transactionStates.map((state) => ({ value: state, label: words(`state.${state}`) }))}
          onChange={(state) => change({ state })}
        />
        <label>
          {words('txn.operator')}
          <Input
            className="short"
            value={chosen.operator ?? ''}
            maxLength={32}
            onChange={({ target }) => change({ operator: target.value.trim() || undefined })}
          />
        </label>
        <label>
          {words('txn.stan')}
          <Input
            className="short"
            inputMode="numeric"
            value={chosen.stan ?? ''}
            maxLength={6}
            onChange={({ target }) => change({ stan: target.value.trim() || undefined })}
          />
        </label>
        <fieldset>
          <legend>{words('txn.amounts')}</legend>
          <span className="amounts">
            {(['min', 'max'] as const).map((end) => (
              <Input
                key={end}
                className="short"
                inputMode="decimal"
                aria-label={words(`txn.${end}`)}
                placeholder={words(`txn.${end}Short`)}
                value={amounts[end]}
                onChange={({ target }) => setAmounts({ ...amounts, [end]: target.value })}
              />
            ))}
          </span>
        </fieldset>
        <Button type="primary" htmlType="submit">
          {words('txn.find')}
        </Button>
        <Button onClick={reset}>{words('list.reset')}</Button>
        {problem && <Alert type="warning" showIcon role="alert" title={words(problem)} />}
      </form>
    </search>
  );
}

function problemOf(
  { from, to, operator, stan, minFen, maxFen }: TransactionFilter,
  typed: { readonly min: string; readonly max: string },
): Word | undefined {
  if ((typed.min !== '' && minFen === undefined) || (typed.max !== '' && maxFen === undefined)) return 'txn.badAmount';
  if (operator !== undefined && !fits('operator', operator)) return 'txn.badOperator';
  if (stan !== undefined && !fits('stan', stan)) return 'txn.badStan';
  const isBackwards =
    (from !== undefined && to !== undefined && from > to) ||
    (minFen !== undefined && maxFen !== undefined && minFen > maxFen);
  return isBackwards ? 'txn.badRange' : undefined;
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}) {
  const words = useWords();
  return (
    <label>
      {label}
      <Select
        className="choice"
        aria-label={label}
        value={value ?? ''}
        options={[{ value: '', label: words('all') }, ...options]}
        onChange={(next) => onChange(next === '' ? undefined : next)}
      />
    </label>
  );
}
