import { Spin } from 'antd';

/** Says what is waited for. */
export function Waiting({ what }: { what: string }) {
  return (
    <div className="waiting" role="status">
      <Spin /> <span>{what}</span>
    </div>
  );
}
