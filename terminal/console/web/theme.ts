import type { ThemeConfig } from 'antd';

export const fontFamily =
  'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", sans-serif';

/** Light and calm: deep blue for what can be done, red kept for what is wrong or below zero. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#1554b8',
    colorLink: '#1554b8',
    colorError: '#c62f2f',
    colorSuccess: '#1f7a3f',
    colorWarning: '#b26a00',
    colorInfo: '#1554b8',
    // What antd derives from these dark colours is muddy.
    colorSuccessBg: '#eaf6ee',
    colorSuccessBorder: '#a8d5b8',
    colorWarningBg: '#fff7e3',
    colorWarningBorder: '#f0cf8c',
    colorInfoBg: '#eaf2fd',
    colorInfoBorder: '#b3cdf2',
    colorTextBase: '#1c2430',
    colorTextDescription: '#566375',
    colorTextPlaceholder: '#717c8c',
    colorBgLayout: '#f4f6f9',
    borderRadius: 6,
    fontFamily,
  },
  components: { Table: { headerBg: '#f3f6fa', cellPaddingBlock: 10 } },
};
