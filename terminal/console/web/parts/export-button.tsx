import { App, Button, Dropdown, Modal } from 'antd';
import { useState } from 'react';
import type { CommandBody } from '../../contract.ts';
import type { ConsoleError } from '../console-error.ts';
import { linkTo } from '../router.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';
import { useDeed } from './deed.ts';
import { Refusal } from './refusal.tsx';

type Ask = Omit<CommandBody<'/exports'>, 'format' | 'language'>;
type Format = CommandBody<'/exports'>['format'];

/** Has a file made; it waits in the download centre. `missing`: what must be chosen first. */
export function ExportButton({
  ask,
  label,
  formats = ['csv', 'xlsx'],
  missing,
}: {
  ask: Ask;
  label: string;
  formats?: readonly Format[];
  missing?: string | undefined;
}) {
  const words = useWords();
  const { language } = useSession();
  const { message } = App.useApp();
  const deed = useDeed();
  const [told, setTold] = useState<ConsoleError>();
  const begin = async (format: Format) => {
    if (!(await deed.send('/exports', {}, { ...ask, format, language }))) return;
    message.success(
      <>
        {words('list.downloadBegun')} <a href={linkTo(['downloads'])}>{words('list.toDownloads')}</a>
      </>,
      6,
    );
  };
  return (
    <span className="export">
      {missing !== undefined && <span className="quiet">{missing}</span>}
      <Dropdown
        trigger={['click']}
        menu={{
          items: formats.map((format) => ({ key: format, label: words(`format.${format}`) })),
          onClick: ({ key }) => {
            const format = formats.find((one) => one === key);
            if (format) void begin(format);
          },
        }}
        disabled={missing !== undefined}
      >
        <Button
          loading={deed.busy}
          title={missing}
          aria-label={missing === undefined ? label : `${label} (${missing})`}
        >
          {label}
        </Button>
      </Dropdown>
      <Modal
        open={deed.error !== undefined && deed.error !== told}
        title={label}
        footer={null}
        onCancel={() => setTold(deed.error)}
      >
        <Refusal error={deed.error} />
      </Modal>
    </span>
  );
}
