import type { Balances } from '../../../flows/settlement-desk.ts';
import { Yuan } from '../parts/yuan.tsx';
import { useWords } from '../words.ts';

/** What can be settled now, and what of the money cannot be and why (B-049). */
export function BalanceFigures({ balances }: { balances: Balances }) {
  const words = useWords();
  const { availableFen, unclearedFen, frozenFen, pendingSplitFen, inTransitFen, owedFen, keepFen } = balances;
  const figures = [
    { name: words('balance.unsettled'), fen: availableFen + unclearedFen + frozenFen + pendingSplitFen, always: true },
    { name: words('balance.available'), fen: availableFen, always: true },
    { name: words('balance.uncleared'), fen: unclearedFen, always: true },
    { name: words('balance.inTransit'), fen: inTransitFen, always: true },
    { name: words('balance.frozen'), fen: frozenFen, always: false },
    { name: words('balance.pendingSplit'), fen: pendingSplitFen, always: false },
    { name: words('balance.owed'), fen: owedFen, always: false },
    { name: words('balance.keep'), fen: keepFen, always: false },
  ];
  return (
    <div className="figures">
      {figures
        .filter(({ fen, always }) => always || fen !== 0)
        .map(({ name, fen }) => (
          <div key={name}>
            <div className="figure-label">{name}</div>
            <div className="figure">
              <Yuan fen={fen} />
            </div>
          </div>
        ))}
    </div>
  );
}
