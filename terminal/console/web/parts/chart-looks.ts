import { colours } from '../theme.ts';

/** Yuan for the axes of a chart only: what is added up is fen, which stays exact in a double far beyond what a terminal sells. */
export const inYuan = (fen: number): number => fen / 100;

export const barColour = colours.deep;
export const lineColour = colours.line;
