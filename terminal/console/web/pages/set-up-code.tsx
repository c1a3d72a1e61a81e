import { Alert, Button, Flex, Modal, Typography } from 'antd';
import { When } from '../parts/when.tsx';
import { useWords } from '../words.ts';

export interface ShownCode {
  readonly login: string;
  readonly code: string;
  readonly validUntil: number;
}

/** Shown once: the terminal itself keeps only what proves it. */
export function SetUpCode({ code, onClose }: { code: ShownCode | undefined; onClose: () => void }) {
  const words = useWords();
  return (
    <Modal
      open={code !== undefined}
      title={words('users.codeOf', { login: code?.login ?? '' })}
      onCancel={onClose}
      mask={{ closable: false }}
      width={460}
      footer={
        <Button type="primary" onClick={onClose}>
          {words('close')}
        </Button>
      }
    >
      {code && (
        <Flex vertical gap="middle">
          <Alert type="warning" showIcon title={words('users.codeShown')} />
          <Typography.Text copyable className="big-code">
            {code.code}
          </Typography.Text>
          <p>{words('users.codeHow', { login: code.login })}</p>
          <p className="quiet">
            {words('users.codeUntil')} <When at={code.validUntil} />
          </p>
        </Flex>
      )}
    </Modal>
  );
}
