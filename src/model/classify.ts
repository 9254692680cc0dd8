// Which definitions are properties and actions of which class: one table of rules, tried in the order annotation,
// configuration, name. Every answer says which rule gave it.
import type { Annotations } from './annotations.js';
import { type ActionKind, PROPERTY_CLASSES, type PropertyClass } from './model.js';

/** What the configuration says about classes and invariants; names as the main module sees them. */
export interface Classification {
  readonly invariants: readonly string[];
  readonly properties: ReadonlyMap<string, PropertyClass>;
  readonly actions: ReadonlyMap<string, { readonly kind: ActionKind; readonly detail: string }>;
}

export const NO_CLASSIFICATION: Classification = {
  invariants: [],
  properties: new Map(),
  actions: new Map(),
};

const SAFETY_NAMES: readonly (readonly [PropertyClass, RegExp])[] = [
  ['SessionIsolation', /session|isolat|cross/i],
  ['ThresholdSafety', /threshold|quorum|signature|signer|enough/i],
  ['CounterUniqueness', /counter|unique|duplicate|nonce|reserv|reuse/i],
  ['CrdtConsistency', /crdt|merge|journal|replica|consisten/i],
  ['KeyDerivationSafety', /key|deriv|dkd|secret/i],
];

const LIVENESS_NAMES: readonly (readonly [PropertyClass, RegExp])[] = [
  ['RecoveryCompletion', /recover|restor/i],
  ['StateConvergence', /converg|sync|agree/i],
  ['MessageDelivery', /deliver|message|receiv|arriv/i],
  ['ProtocolProgress', /progress|complet|terminat|finish|decid|eventual|abort|aggregat|acquir|live/i],
];

/** The class of a property and the rule that gave it. */
export function classifyProperty(
  name: string,
  annotations: Annotations,
  safety: boolean,
  config: Classification,
): { propertyClass: PropertyClass; rule: string } {
  const annotated = PROPERTY_CLASSES.find(known => known === annotations.get('property'));
  if (annotated) return { propertyClass: annotated, rule: `annotation @property ${annotated}` };
  const configured = config.properties.get(name);
  if (configured) return { propertyClass: configured, rule: 'configuration quint.properties' };
  for (const [propertyClass, pattern] of safety ? SAFETY_NAMES : LIVENESS_NAMES) {
    const match = pattern.exec(name);
    if (match) return { propertyClass, rule: `name contains "${match[0]}"` };
  }
  return { propertyClass: safety ? 'GeneralSafety' : 'GeneralLiveness', rule: 'no other rule fits' };
}

/** The rule that makes a boolean state value an invariant, or undefined when it is only a candidate. */
export function invariantRule(
  name: string,
  annotations: Annotations,
  config: Classification,
): string | undefined {
  if (annotations.has('invariant')) return 'annotation @invariant';
  if (annotations.has('property')) return 'annotation @property';
  if (config.invariants.includes(name)) return 'configuration quint.invariants';
  const bare = name.slice(name.lastIndexOf(':') + 1);
  if (/^[A-Z]/.test(bare)) return 'name begins with a capital letter';
  if (/^(inv|safe)|(inv|invariant|safety)$/i.test(bare)) return 'name begins or ends with inv or safe';
  return undefined;
}

const ACTION_NAMES: readonly (readonly [ActionKind, RegExp])[] = [
  ['byzantine', /byz|malicious|evil|equivocat|forge|attack|adversar|cheat/i],
  ['fault', /crash|fault|fail|drop|lose|loss|partition|restart|duplicat|delay|disconnect|pause/i],
  ['environment', /tick|clock|epoch|environment|timeout|expire/i],
];

/** The kind of an action, what the spec says of it (strategy or fault), and the rule that gave it. */
export function classifyAction(
  name: string,
  annotations: Annotations,
  config: Classification,
): { kind: ActionKind; detail: string; rule: string } {
  for (const kind of ['byzantine', 'fault', 'environment', 'honest'] as const) {
    const detail = annotations.get(kind);
    if (detail !== undefined)
      return { kind, detail: detail.split(/\s/)[0] ?? '', rule: `annotation @${kind}` };
  }
  const configured = config.actions.get(name);
  if (configured) return { ...configured, rule: 'configuration quint.actions' };
  for (const [kind, pattern] of ACTION_NAMES) {
    const match = pattern.exec(name);
    if (match) return { kind, detail: '', rule: `name contains "${match[0]}"` };
  }
  return { kind: 'honest', detail: '', rule: 'no other rule fits' };
}
