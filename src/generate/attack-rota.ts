// Which attack a scenario gets: those that fit the class of its property in turn, so that a suite has variety and the
// same scenarios get the same attacks whatever else happened before.
import type { PropertyClass } from '../model/model.js';
import type { Attack } from './attacks.js';

/** An attack, and how often before it was given out: attacks with several strategies begin with another each time. */
export interface Turn {
  readonly attack: Attack;
  readonly turn: number;
}

/** Attacks for scenarios one after the other, those that fit a class in turn. */
export type AttackRota = (propertyClass: PropertyClass | undefined) => Turn | undefined;

/** A class that no template names gets those of the general class of its kind. */
export function attackRota(attacks: readonly Attack[]): AttackRota {
  const given = new Map<PropertyClass, number>();
  return (propertyClass = 'GeneralSafety') => {
    const fitting = fittingAttacks(attacks, propertyClass);
    const count = given.get(propertyClass) ?? 0;
    given.set(propertyClass, count + 1);
    const attack = fitting[count % Math.max(1, fitting.length)];
    return attack && { attack, turn: Math.floor(count / fitting.length) };
  };
}

const LIVENESS: readonly PropertyClass[] = [
  'ProtocolProgress',
  'MessageDelivery',
  'RecoveryCompletion',
  'StateConvergence',
  'GeneralLiveness',
];

function fittingAttacks(attacks: readonly Attack[], propertyClass: PropertyClass): Attack[] {
  const of = (wanted: PropertyClass) => attacks.filter(({ classes }) => classes.includes(wanted));
  const own = of(propertyClass);
  if (own.length > 0) return own;
  return of(LIVENESS.includes(propertyClass) ? 'GeneralLiveness' : 'GeneralSafety');
}
