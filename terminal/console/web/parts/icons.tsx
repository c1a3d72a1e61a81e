/** The few signs of the shell, drawn here so that nothing else is loaded for them. */

const line = {
  width: 18,
  height: 18,
  viewBox: '0 0 24 24',
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
  'aria-hidden': true,
} as const;

export const MenuIcon = () => (
  <svg {...line} role="presentation">
    <path d="M4 6h16M4 12h16M4 18h16" />
  </svg>
);

export const BellIcon = () => (
  <svg {...line} role="presentation">
    <path d="M6 9a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20h4" />
  </svg>
);
