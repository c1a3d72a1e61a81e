import { Alert, Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { useSession } from './session.tsx';
import { useWords } from './words.ts';

function Broken() {
  const words = useWords();
  const { hotline } = useSession();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={words('page.broken', { hotline })}
      action={<Button onClick={() => location.reload()}>{words('page.reload')}</Button>}
    />
  );
}

/** A page that fails leaves the menu and the top bar usable. */
export class PageGuard extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}
