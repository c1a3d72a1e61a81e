import { Alert, Checkbox, Flex, Input, Tag } from 'antd';
import { useState } from 'react';
import type { ParameterRow } from '../../contract.ts';
import { useAnswer } from '../api.ts';
import { yuanWithSign } from '../formats.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { wordOr } from '../parts/word-or.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';
import { markOf, markSigns, type ParameterMark, shownParameters } from './parameter-changes.ts';

/** 参数: what upstream decided, beside what is usual and what it was before. */
export function ParametersPage() {
  const words = useWords();
  const { hotline } = useSession();
  const [search, setSearch] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const wordsOf = (name: string) => wordOr(words, 'parameter', name);
  const shown = (name: string, value: ParameterRow['usual']) => {
    if (value === undefined) return '—';
    if (typeof value === 'number' && name.endsWith('Fen')) return yuanWithSign(value);
    if (typeof value === 'boolean') return words(value ? 'yes' : 'no');
    return value === '' ? words('param.none') : String(value);
  };
  const columns: readonly Column<ParameterRow>[] = [
    {
      title: words('param.name'),
      cell: ({ name }) => (
        <span className="wrap">
          {wordsOf(name) !== name && <>{wordsOf(name)} </>}
          <code className="quiet">{name}</code>
        </span>
      ),
    },
    { title: words('param.mark'), cell: (row) => <Mark row={row} /> },
    {
      title: words('param.value'),
      cell: ({ name, value }) => <strong className="wrap value">{shown(name, value)}</strong>,
    },
    {
      title: words('param.usual'),
      cell: ({ name, usual }) => <span className="wrap value">{shown(name, usual)}</span>,
    },
    {
      title: words('param.before'),
      cell: ({ name, before }) => <span className="wrap value">{shown(name, before)}</span>,
    },
  ];
  return (
    <Page title={words('page.parameters')}>
      <Flex vertical gap="middle">
        <Alert type="info" showIcon title={words('param.note', { hotline })} />
        <Answered answer={useAnswer('/parameters')} what={words('param.waiting')}>
          {({ rev, parameters }) => {
            const found = shownParameters(parameters, { search, onlyChanged, wordsOf });
            return (
              <div>
                <search className="filter">
                  <Input
                    className="long"
                    allowClear
                    aria-label={words('param.search')}
                    placeholder={words('param.search')}
                    value={search}
                    onChange={({ target }) => setSearch(target.value)}
                  />
                  <Checkbox checked={onlyChanged} onChange={({ target }) => setOnlyChanged(target.checked)}>
                    {words('param.onlyChanged')}
                  </Checkbox>
                  <span className="quiet" role="status">
                    {words('param.shown', { n: found.length, of: parameters.length })} · {words('param.rev', { rev })}
                  </span>
                </search>
                <Rows
                  label={words('page.parameters')}
                  columns={columns}
                  rows={found}
                  idOf={({ name }) => name}
                  empty={{ what: words('param.empty'), how: words('param.emptyHow') }}
                />
              </div>
            );
          }}
        </Answered>
      </Flex>
    </Page>
  );
}

/** A sign and a word, and only then a colour. */
function Mark({ row }: { row: ParameterRow }) {
  const words = useWords();
  const mark = markOf(row);
  return (
    <Tag color={markColours[mark]}>
      <span aria-hidden="true">{markSigns[mark]}</span> {words(`param.mark.${mark}`)}
    </Tag>
  );
}

const markColours: Readonly<Record<ParameterMark, string>> = {
  'changed-now': 'error',
  set: 'warning',
  usual: 'default',
  unknown: 'default',
};
