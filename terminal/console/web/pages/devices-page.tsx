import { Alert, Button, Card, Flex } from 'antd';
import { useState } from 'react';
import type { DeviceView } from '../../../flows/attached-devices.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { useDeed } from '../parts/deed.ts';
import { Facts } from '../parts/facts.tsx';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { Page } from '../parts/page.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';

/** 设备: how each is, where it is attached, what was counted, and a test. */
export function DevicesPage() {
  const words = useWords();
  return (
    <Page title={words('page.devices')}>
      <Answered answer={useAnswer('/devices')} what={words('dev.waiting')}>
        {({ devices }) =>
          devices.length === 0 ? (
            <NothingYet what={words('dev.empty')} how={words('dev.emptyHow')} />
          ) : (
            <div className="grid-2">
              {devices.map((device) => (
                <DeviceCard key={device.name} device={device} />
              ))}
            </div>
          )
        }
      </Answered>
    </Page>
  );
}

const counterNames = ['connects', 'losses', 'timeouts', 'strayFrames', 'badFrames', 'bytesIn', 'bytesOut'] as const;

function DeviceCard({ device }: { device: DeviceView }) {
  const words = useWords();
  const { language } = useSession();
  const name = wordOr(words, 'device', device.name);
  return (
    <Card size="small" title={<h2 className="card-title">{name}</h2>} extra={<StateTag state={device.state} />}>
      <Flex vertical gap="middle">
        {device.zh === '' ? (
          <span className="quiet">{words('dev.well')}</span>
        ) : (
          <Alert
            type={device.state === 'ready' ? 'warning' : 'error'}
            showIcon
            title={device[language]}
            description={device.detail}
          />
        )}
        <Facts
          look="grid"
          facts={[
            [words('dev.port'), device.port],
            [words('dev.profile'), device.profile],
            [words('dev.since'), <When key="since" at={device.since} />],
          ]}
        />
        <details>
          <summary>{words('dev.counters')}</summary>
          <Facts
            look="grid"
            facts={counterNames.map((counter) => [
              words(`dev.${counter}`),
              device.counters[counter].toLocaleString('en-US'),
            ])}
          />
        </details>
        <SelfTest name={device.name} label={words('dev.testOf', { name })} />
      </Flex>
    </Card>
  );
}

function SelfTest({ name, label }: { name: string; label: string }) {
  const words = useWords();
  const { language } = useSession();
  const deed = useDeed();
  const [said, setSaid] = useState<{ readonly zh: string; readonly en: string }>();
  const test = async () => {
    setSaid(undefined);
    setSaid(await deed.send('/devices/:name/test', { name }, {}));
  };
  return (
    <div>
      <Button aria-label={label} loading={deed.busy} onClick={() => void test()}>
        {words(deed.busy ? 'dev.testing' : 'dev.test')}
      </Button>
      <div role="status">{said && <Alert type="info" showIcon className="refusal" title={said[language]} />}</div>
      <Refusal error={deed.error} />
    </div>
  );
}
