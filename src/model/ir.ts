// Quint's intermediate representation as its `typecheck --out` prints it: data only, for the model and the
// engine. Source: the `ir` folder of @informalsystems/quint. Ids are plain numbers (Quint counts them from 1);
// integer literals are bigints. The bridge is the only producer.

export type OpQualifier = 'pureval' | 'puredef' | 'val' | 'def' | 'nondet' | 'action' | 'run' | 'temporal';

export type IrExpr =
  | { readonly kind: 'name'; readonly id: number; readonly name: string }
  | { readonly kind: 'bool'; readonly id: number; readonly value: boolean }
  | { readonly kind: 'int'; readonly id: number; readonly value: bigint }
  | { readonly kind: 'str'; readonly id: number; readonly value: string }
  | IrApp
  | IrLambda
  | IrLet;

export interface IrApp {
  readonly kind: 'app';
  readonly id: number;
  readonly opcode: string;
  readonly args: readonly IrExpr[];
}

export interface IrLambda {
  readonly kind: 'lambda';
  readonly id: number;
  readonly params: readonly IrParam[];
  readonly qualifier: OpQualifier;
  readonly expr: IrExpr;
}

export interface IrLet {
  readonly kind: 'let';
  readonly id: number;
  readonly opdef: IrOpDef;
  readonly expr: IrExpr;
}

export interface IrParam {
  readonly id: number;
  readonly name: string;
  readonly typeAnnotation?: IrType;
}

export interface IrOpDef {
  readonly kind: 'def';
  readonly id: number;
  readonly name: string;
  readonly qualifier: OpQualifier;
  readonly expr: IrExpr;
  readonly typeAnnotation?: IrType;
  readonly doc?: string;
}

export interface IrConst {
  readonly kind: 'const';
  readonly id: number;
  readonly name: string;
  readonly typeAnnotation: IrType;
  readonly doc?: string;
}

export interface IrVar {
  readonly kind: 'var';
  readonly id: number;
  readonly name: string;
  readonly typeAnnotation: IrType;
  readonly doc?: string;
}

export interface IrAssume {
  readonly kind: 'assume';
  readonly id: number;
  readonly name: string;
  readonly assumption: IrExpr;
  readonly doc?: string;
}

export interface IrTypeDef {
  readonly kind: 'typedef';
  readonly id: number;
  readonly name: string;
  readonly params?: readonly string[];
  /** Absent for an uninterpreted type. */
  readonly type?: IrType;
  readonly doc?: string;
}

export interface IrImport {
  readonly kind: 'import';
  readonly id: number;
  readonly protoName: string;
  /** A name, or `*`; absent where `qualifiedName` is present or the module is imported as such. */
  readonly defName?: string;
  readonly qualifiedName?: string;
  readonly fromSource?: string;
}

export interface IrExport {
  readonly kind: 'export';
  readonly id: number;
  readonly protoName: string;
  readonly defName?: string;
  readonly qualifiedName?: string;
}

export interface IrInstance {
  readonly kind: 'instance';
  readonly id: number;
  /** Absent for an anonymous instance (`import m(N = 3).*`). */
  readonly qualifiedName?: string;
  readonly protoName: string;
  readonly overrides: readonly (readonly [IrParam, IrExpr])[];
  readonly identityOverride: boolean;
  readonly fromSource?: string;
}

export type IrDef = IrOpDef | IrConst | IrVar | IrAssume | IrTypeDef;

export type IrDeclaration = IrDef | IrImport | IrExport | IrInstance;

export interface IrModule {
  readonly id: number;
  readonly name: string;
  readonly declarations: readonly IrDeclaration[];
  readonly doc?: string;
}

/** What a name or an application refers to; `importedFrom` and `namespaces` (innermost first) tell through which import. */
export type IrLookup = (IrDef | ({ readonly kind: 'param' } & IrParam)) & {
  readonly importedFrom?: IrImport | IrInstance | IrExport;
  readonly namespaces?: readonly string[];
  readonly hidden?: boolean;
  /** 0 or absent for a top-level definition. */
  readonly depth?: number;
};

export type IrType = IrTypeNode & {
  /** Where the type stands (see `spans`); a sum has the id of its definition. Absent from what Quint inferred. */
  readonly id?: number;
};

type IrTypeNode =
  | { readonly kind: 'bool' | 'int' | 'str' }
  | { readonly kind: 'const' | 'var'; readonly name: string }
  | { readonly kind: 'set' | 'list'; readonly elem: IrType }
  | { readonly kind: 'fun'; readonly arg: IrType; readonly res: IrType }
  | { readonly kind: 'oper'; readonly args: readonly IrType[]; readonly res: IrType }
  | { readonly kind: 'tup' | 'rec'; readonly fields: IrRow }
  | { readonly kind: 'sum'; readonly fields: IrRow }
  | {
      readonly kind: 'app';
      readonly ctor: { readonly kind: 'const'; readonly name: string };
      readonly args: readonly IrType[];
    };

export type IrRow =
  | {
      readonly kind: 'row';
      readonly fields: readonly { readonly fieldName: string; readonly fieldType: IrType }[];
      readonly other: IrRow;
    }
  | { readonly kind: 'var'; readonly name: string }
  | { readonly kind: 'empty' };

export interface IrTypeScheme {
  readonly type: IrType;
  readonly typeVariables: readonly string[];
  readonly rowVariables: readonly string[];
}

export type IrEntity =
  | {
      readonly kind: 'concrete';
      readonly stateVariables: readonly { readonly name: string; readonly reference: number }[];
    }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'union'; readonly entities: readonly IrEntity[] };

export type IrEffect =
  | {
      readonly kind: 'concrete';
      readonly components: readonly {
        readonly kind: 'read' | 'update' | 'temporal';
        readonly entity: IrEntity;
      }[];
    }
  | { readonly kind: 'arrow'; readonly params: readonly IrEffect[]; readonly result: IrEffect }
  | { readonly kind: 'variable'; readonly name: string };

/** Where an id stands in the source; lines and columns count from 1. */
export interface SourceSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * A type-checked spec as Quint sees it: every module that the file reaches, in dependency order, with Quint's
 * answers by id. `table` resolves names and user-operator applications; an application that is absent from it is
 * a builtin.
 */
export interface QuintIr {
  readonly modules: readonly IrModule[];
  readonly table: ReadonlyMap<number, IrLookup>;
  readonly types: ReadonlyMap<number, IrTypeScheme>;
  readonly effects: ReadonlyMap<number, IrEffect>;
  readonly spans: ReadonlyMap<number, SourceSpan>;
}
