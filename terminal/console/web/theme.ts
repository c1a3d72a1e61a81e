import type { ThemeConfig } from 'antd';

export const fontFamily =
  'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", sans-serif';

/** Of charts, which draw by themselves; styles have them all as `--ant-color-…`. */
export const colours = { deep: '#1554b8', line: '#d98200' };

const tint = '#f3f6fa';

/** Light and calm: deep blue for what can be done, red kept for what is wrong or below zero. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: colours.deep,
    colorLink: colours.deep,
    colorError: '#c62f2f',
    colorSuccess: '#1f7a3f',
    colorWarning: '#b26a00',
    colorInfo: colours.deep,
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
    colorBorderSecondary: '#dde3ea',
    colorBgLayout: '#f4f6f9',
    colorFillAlter: tint,
    borderRadius: 6,
    fontFamily,
  },
  components: { Table: { headerBg: tint, cellPaddingBlock: 10 }, Segmented: { trackBg: '#e6ebf2' } },
};
