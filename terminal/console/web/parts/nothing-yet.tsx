import { Empty } from 'antd';

/** An empty place says what would be here, and how it gets here. */
export function NothingYet({ what, how }: { what: string; how: string }) {
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <strong>{what}</strong>
          <br />
          <span className="quiet">{how}</span>
        </>
      }
    />
  );
}
