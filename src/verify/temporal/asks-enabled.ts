// Whether a formula asks anywhere what is enabled. Fairness is made of that, and only a formula that has it can tell a
// behaviour that stops though it could go on from one that has to stop.
import type { Atom, Formula, Term } from './formula.js';

export function asksEnabled(f: Formula): boolean {
  switch (f.kind) {
    case 'constant':
      return false;
    case 'literal':
      return inAtom(f.atom);
    case 'and':
    case 'or':
      return f.parts.some(asksEnabled);
    case 'all':
    case 'some':
      return inTerm(f.set) || asksEnabled(f.body);
    default:
      return asksEnabled(f.body);
  }
}

function inAtom(atom: Atom): boolean {
  switch (atom.kind) {
    case 'enabled':
      return true;
    case 'slot':
      return false;
    case 'changed':
      return atom.parts.some(inTerm);
    default:
      return inTerm(atom.term);
  }
}

function inTerm({ args }: Term): boolean {
  return args.some(arg => {
    if (arg.kind === 'slot') return false;
    if (arg.kind !== 'part') return inTerm(arg.term);
    return arg.part.kind === 'enabled' || inTerm(arg.part.term);
  });
}
