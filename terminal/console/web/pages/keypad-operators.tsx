import { Alert, Flex, Tag } from 'antd';
import type { Answers } from '../../contract.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { wordOr } from '../parts/word-or.ts';
import { useWords } from '../words.ts';

type Operator = Answers['/operators']['operators'][number];

/** 柜员, managed at the keypad: here to look at. */
export function KeypadOperators() {
  const words = useWords();
  const columns: readonly Column<Operator>[] = [
    { title: words('txn.operator'), cell: ({ no }) => <span className="digits">{no}</span> },
    { title: words('users.role'), cell: ({ role }) => wordOr(words, 'keypadRole', role) },
    {
      title: words('list.state'),
      cell: ({ locked }) =>
        locked ? (
          <Tag color="error">✕ {words('users.locked')}</Tag>
        ) : (
          <Tag color="success">✓ {words('users.active')}</Tag>
        ),
    },
    {
      title: words('users.shift'),
      cell: ({ inShift }) => words(inShift ? 'users.inShift' : 'users.notInShift'),
    },
  ];
  return (
    <Flex vertical gap="middle">
      <Alert type="info" showIcon title={words('users.operatorsNote')} />
      <Answered answer={useAnswer('/operators')} what={words('users.waiting')}>
        {({ operators }) => (
          <Rows
            label={words('users.keypad')}
            columns={columns}
            rows={operators}
            idOf={({ no }) => no}
            empty={{ what: words('users.operatorsEmpty'), how: words('users.operatorsEmptyHow') }}
          />
        )}
      </Answered>
    </Flex>
  );
}
