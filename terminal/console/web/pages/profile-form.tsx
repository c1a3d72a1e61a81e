import { Button, Flex, Form, Input } from 'antd';
import type { ProfileRecord } from '../../../../sync/protocol/merchant-data.ts';
import { fenOf, yuan } from '../formats.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useWords } from '../words.ts';
import { type Change, useProfileChange } from './profile-change.ts';

interface Entry {
  readonly contact?: string;
  readonly mobile?: string;
  readonly email?: string;
  readonly address?: string;
  readonly remindFrom?: string;
}

const entryOf = (profile: ProfileRecord | undefined): Entry => ({
  contact: profile?.contact ?? '',
  mobile: profile?.mobile ?? '',
  email: profile?.email ?? '',
  address: profile?.address ?? '',
  remindFrom: profile && profile.remindFromFen > 0 ? yuan(profile.remindFromFen).replaceAll(',', '') : '',
});

const texts = ['contact', 'mobile', 'email', 'address'] as const;

/** What was changed, and no more; an emptied field is taken away. */
function changeOf(profile: ProfileRecord | undefined, entry: Entry): Change {
  const written = (name: (typeof texts)[number]): string | null => entry[name]?.trim() || null;
  const changed = texts.filter((name) => written(name) !== (profile?.[name] ?? null));
  const remindFromFen = entry.remindFrom?.trim() ? fenOf(entry.remindFrom) : 0;
  return {
    ...Object.fromEntries(changed.map((name) => [name, written(name)])),
    ...(remindFromFen !== undefined && remindFromFen !== (profile?.remindFromFen ?? 0) && { remindFromFen }),
  };
}

export function ProfileForm({ profile, onDone }: { profile: ProfileRecord | undefined; onDone: () => void }) {
  const words = useWords();
  const change = useProfileChange();
  const save = async (entry: Entry) => {
    const changed = changeOf(profile, entry);
    if (Object.keys(changed).length === 0 || (await change.apply(changed))) onDone();
  };
  return (
    <Form<Entry>
      name="profile"
      layout="vertical"
      requiredMark={false}
      className="narrow-form"
      initialValues={entryOf(profile)}
      onFinish={(entry) => void save(entry)}
    >
      <Form.Item name="contact" label={words('profile.contactName')}>
        <Input autoComplete="name" maxLength={60} />
      </Form.Item>
      <Form.Item
        name="mobile"
        label={words('profile.mobile')}
        extra={words('profile.mobile.why')}
        rules={[{ pattern: /^1\d{10}$/, message: words('profile.mobile.rule') }]}
      >
        <Input autoComplete="tel" inputMode="tel" maxLength={20} />
      </Form.Item>
      <Form.Item
        name="email"
        label={words('profile.email')}
        extra={words('profile.email.why')}
        rules={[{ type: 'email', message: words('profile.email.rule') }]}
      >
        <Input autoComplete="email" inputMode="email" maxLength={120} />
      </Form.Item>
      <Form.Item name="address" label={words('profile.address')} extra={words('profile.address.why')}>
        <Input autoComplete="street-address" maxLength={200} />
      </Form.Item>
      <Form.Item
        name="remindFrom"
        label={words('profile.remindFrom')}
        extra={words('profile.remind.why')}
        rules={[
          {
            validator: (_, text: string | undefined) =>
              !text?.trim() || fenOf(text) !== undefined
                ? Promise.resolve()
                : Promise.reject(new Error(words('amount.bad'))),
          },
        ]}
      >
        <Input autoComplete="off" inputMode="decimal" prefix="¥" maxLength={15} />
      </Form.Item>
      <Refusal error={change.error} />
      <Flex wrap gap="small">
        <Button type="primary" htmlType="submit" loading={change.busy}>
          {words('save')}
        </Button>
        <Button onClick={onDone}>{words('cancel')}</Button>
      </Flex>
    </Form>
  );
}
