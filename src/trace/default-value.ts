// Some value of a type, for variables of which a trace says nothing: ITF wants a value for every variable in every
// state. It is marked as unobserved wherever it is used.
import type { IrType } from '../model/ir.js';
import { isUnitType, rowFields } from '../model/type-text.js';
import { recordOf, tupleOf, type Value, variantOf } from '../model/value.js';

/** Empty, false, 0 or made of such; of a sum an option without a payload, if there is one. */
export function defaultValue(type: IrType): Value {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'int':
      return 0n;
    case 'set':
      return { kind: 'set', items: [] };
    case 'list':
      return { kind: 'list', items: [] };
    case 'fun':
      return { kind: 'map', entries: [] };
    case 'tup':
      return tupleOf(rowFields(type.fields).fields.map(({ fieldType }) => defaultValue(fieldType)));
    case 'rec':
      return recordOf(
        rowFields(type.fields).fields.map(({ fieldName, fieldType }) => [fieldName, defaultValue(fieldType)]),
      );
    case 'sum': {
      const { fields } = rowFields(type.fields);
      const option = fields.find(({ fieldType }) => isUnitType(fieldType)) ?? fields[0];
      return option ? variantOf(option.fieldName, defaultValue(option.fieldType)) : '';
    }
    default:
      return '';
  }
}
