import { Alert, Button } from 'antd';
import { wordOr } from '../parts/word-or.ts';
import { linkTo } from '../router.ts';
import { isWord, useWords } from '../words.ts';

/** Where an obstacle is dealt with. */
const places: Readonly<Record<string, readonly string[]>> = {
  NO_SETTLE_ACCOUNT: ['settlement', 'set-up'],
  SETTLE_ACCOUNT_ERRORED: ['settlement', 'set-up'],
  PROFILE_INCOMPLETE: ['profile'],
  AGREEMENT_REQUIRED: ['profile'],
  ID_EXPIRED: ['profile'],
  DEVICE_ABNORMAL: ['devices'],
  OFFLINE: ['overview'],
};

/** What stands in the way of a settlement now, each with what to do about it. */
export function Obstacles({ codes }: { codes: readonly string[] }) {
  const words = useWords();
  return codes.map((code) => {
    const next = `next.${code}`;
    const place = places[code];
    return (
      <Alert
        key={code}
        type="warning"
        showIcon
        title={wordOr(words, 'obstacle', code)}
        description={words(isWord(next) ? next : 'next.usual')}
        action={
          place && (
            <Button size="small" href={linkTo(place)}>
              {words('settle.goThere')}
            </Button>
          )
        }
      />
    );
  });
}
