// The table of bad inputs: what is wrong, the files and words that make it so, and what the error must say. Data only;
// bad-input.test.ts runs each. A case has one fault and is otherwise in order, so that the error it gets can only be of
// that fault.
import { chmod, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { tickingSpec } from './sample-specs.js';

export interface Case {
  readonly what: string;
  readonly files?: Readonly<Record<string, string>>;
  /** What files in text cannot give. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** After `aura scenarios generate`; the default is a spec that is in order. */
  readonly args?: readonly string[];
  readonly code: string;
  /** Pieces of the message, of the place and of the hint. */
  readonly says: readonly string[];
}

export const GOOD = { 'good.qnt': tickingSpec('good') };
export const FROM_GOOD = ['--spec', 'good.qnt', '--output', 'out'];

const FILES: readonly Case[] = [
  { what: 'no spec at all', args: ['--output', 'out'], code: 'AUR001', says: ['--spec', 'spec_directory'] },
  {
    what: 'a missing file',
    args: ['--spec', 'nowhere.qnt', '--output', 'out'],
    code: 'AUR003',
    says: ['nowhere.qnt', 'no such file'],
  },
  {
    what: 'a directory without specs',
    files: { 'notes/readme.txt': 'nothing here' },
    args: ['--spec', 'notes', '--output', 'out'],
    code: 'AUR008',
    says: ['notes', '.qnt'],
  },
  {
    what: 'a binary',
    prepare: folder =>
      writeFile(path.join(folder, 'program.qnt'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 255])),
    args: ['--spec', 'program.qnt', '--output', 'out'],
    code: 'AUR004',
    says: ['program.qnt', 'UTF-8'],
  },
  {
    what: 'a file of 50 MB',
    prepare: folder => sparseFile(path.join(folder, 'huge.qnt'), 50_000_000),
    args: ['--spec', 'huge.qnt', '--output', 'out'],
    code: 'AUR005',
    says: ['huge.qnt', '50000000 bytes', 'limit'],
  },
];

const PARTIAL = { 'part.qnt': tickingSpec('part').replace("n' = n + 1", "n' = 1 / n") };

const SPECS: readonly Case[] = [
  {
    what: 'an empty file',
    files: { 'empty.qnt': '' },
    args: ['--spec', 'empty.qnt', '--output', 'out'],
    code: 'AUR102',
    says: ['[QNT000]', 'empty.qnt:1:1', "'module'"],
  },
  {
    what: 'an empty module',
    files: { 'empty.qnt': 'module empty {\n}\n' },
    args: ['--spec', 'empty.qnt', '--output', 'out'],
    code: 'AUR203',
    says: ['empty.qnt:1:1', 'module empty', 'no state variables', '`var`'],
  },
  {
    what: 'a module of pure definitions',
    files: { 'sums.qnt': 'module sums {\n  pure def twice(n) = 2 * n\n}\n' },
    args: ['--spec', 'sums.qnt', '--output', 'out'],
    code: 'AUR203',
    says: ['module sums', 'no state variables'],
  },
  {
    what: 'a module in which nothing can go on',
    files: { 'still.qnt': "module still {\n  var n: int\n  action go = n' = 1\n}\n" },
    args: ['--spec', 'still.qnt', '--output', 'out'],
    code: 'AUR220',
    says: ['still', 'no step and no action that changes the state'],
  },
  {
    what: 'a value for a constant that the spec does not have',
    files: { 'open.qnt': tickingSpec('open').replace('var n', 'const LIMIT: int\n  var n') },
    args: ['--spec', 'open.qnt', '--output', 'out', '--const', 'LIMT=3'],
    code: 'AUR217',
    says: ['--const', 'LIMT', 'did you mean LIMIT'],
  },
  {
    what: 'a spec whose `init` cannot happen',
    files: { 'stuck.qnt': tickingSpec('stuck').replace("init = n' = 0", "init = all { false, n' = 0 }") },
    args: ['--spec', 'stuck.qnt', '--output', 'out', '--traces', '2'],
    code: 'AUR503',
    says: ['stuck takes no step', 'aura quint actions'],
  },
  {
    what: 'a syntax error',
    files: { 'cut.qnt': 'module cut {\n  val x =\n}\n' },
    args: ['--spec', 'cut.qnt', '--output', 'out'],
    code: 'AUR102',
    says: ['[QNT000]', 'cut.qnt:3:1', '3 | }', '| ^'],
  },
  {
    what: 'a type error',
    files: {
      'mixed.qnt':
        'module mixed {\n  var n: int\n  action init = n\' = "a"\n  action step = n\' = n + 1\n}\n',
    },
    args: ['--spec', 'mixed.qnt', '--output', 'out'],
    code: 'AUR102',
    says: [
      '[QNT000]',
      'mixed.qnt:3:17',
      'unify int and str',
      '3 |   action init = n\' = "a"',
      '|                 ^^^',
    ],
  },
  {
    what: 'a mode error',
    files: { 'impure.qnt': tickingSpec('impure').replace('val Small', 'pure val Small') },
    args: ['--spec', 'impure.qnt', '--output', 'out'],
    code: 'AUR102',
    says: ['[QNT200]', 'impure.qnt:6:12', 'Small', '|            ^^^^^'],
  },
  {
    what: 'an import of a file that is not there',
    files: { 'lost.qnt': tickingSpec('lost').replace('{', '{\n  import other.* from "./gone"') },
    args: ['--spec', 'lost.qnt', '--output', 'out'],
    code: 'AUR102',
    says: ['[QNT013]', 'lost.qnt:2:3', './gone'],
  },
  {
    what: 'an error in an imported file',
    files: {
      'outer.qnt': tickingSpec('outer').replace('{', '{\n  import inner.* from "./parts/inner"'),
      'parts/inner.qnt': 'module inner {\n  pure val one: int = "one"\n}\n',
    },
    args: ['--spec', 'outer.qnt', '--output', 'out'],
    code: 'AUR102',
    says: ['parts/inner.qnt:2:', '2 |   pure val one: int = "one"'],
  },
  {
    what: 'an error while aura runs the spec',
    files: PARTIAL,
    args: ['--spec', 'part.qnt', '--output', 'out', '--traces', '4'],
    code: 'AUR601',
    says: ['[QNT503]', 'part.qnt:4:22', 'Division by zero'],
  },
  {
    what: 'an error while Quint runs the spec',
    files: PARTIAL,
    args: ['--spec', 'part.qnt', '--output', 'out', '--traces', '4', '--engine', 'quint'],
    code: 'AUR102',
    says: ['[QNT503]', 'part.qnt:4:22', "4 |   action tick = n' = 1 / n"],
  },
  {
    what: 'several modules and none named like the file',
    files: { 'pair.qnt': tickingSpec('left') + tickingSpec('right') },
    args: ['--spec', 'pair.qnt', '--output', 'out'],
    code: 'AUR202',
    says: ['pair.qnt', '2 modules', 'left, right', '--module'],
  },
  {
    what: 'an unknown module',
    args: [...FROM_GOOD, '--module', 'goood'],
    code: 'AUR201',
    says: ['no module goood', 'did you mean good?'],
  },
  {
    what: 'an unknown property',
    args: [...FROM_GOOD, '--focus-property', 'Smal'],
    code: 'AUR205',
    says: ['no property Smal', 'did you mean Small?'],
  },
  {
    what: 'a property that resembles none',
    args: [...FROM_GOOD, '--focus-property', 'Termination'],
    code: 'AUR205',
    says: ['no property Termination', 'its properties are Small'],
  },
];

const NUMBERS: readonly Case[] = [
  ...['1.5', '-1', 'NaN', '1e999', '', 'half'].map(text =>
    outOfRange('--byzantine-ratio', text, 'from 0 to 1'),
  ),
  ...['-0.1', '2', 'Infinity'].map(text => outOfRange('--chaos-intensity', text, 'from 0 to 1')),
  ...['0', '-1', '2.5', '1e3', 'NaN', '100001', ''].map(text =>
    outOfRange('--scenario-count', text, 'from 1 to 100000'),
  ),
  ...['0', '100001', '0x10'].map(text => outOfRange('--traces', text, 'from 1 to 100000')),
  ...['0', '9007199254740993'].map(text => outOfRange('--max-length', text, 'from 1 to 100000')),
  ...['-1', '1.5', '18446744073709551616', ''].map(text =>
    outOfRange('--seed', text, 'from 0 to 18446744073709551615'),
  ),
];

function outOfRange(option: string, text: string, range: string): Case {
  const says = [option, `'${text}'`, range];
  return {
    what: `${option} ${JSON.stringify(text)}`,
    args: [...FROM_GOOD, option, text],
    code: 'AUR002',
    says,
  };
}

const USAGE: readonly Case[] = [
  {
    what: 'an unknown option',
    args: [...FROM_GOOD, '--trace', '3'],
    code: 'AUR001',
    says: ["unknown option '--trace'", 'Did you mean --traces?'],
  },
  {
    what: 'a word that is none of the choices',
    args: [...FROM_GOOD, '--engine', 'rust'],
    code: 'AUR002',
    says: ["'rust'", 'builtin, quint'],
  },
  {
    what: 'an option without its value',
    args: ['--output', 'out', '--spec'],
    code: 'AUR001',
    says: ['--spec', 'missing'],
  },
  {
    what: 'an argument too many',
    args: [...FROM_GOOD, 'more.qnt'],
    code: 'AUR001',
    says: ['too many arguments'],
  },
];

const TEMPLATES: readonly Case[] = [
  {
    what: 'a template that is not there',
    args: [...FROM_GOOD, '--template', 'gone.hbs'],
    code: 'AUR003',
    says: ['gone.hbs', 'no such file'],
  },
  {
    what: 'a template that cannot be parsed',
    files: { 'x.toml.hbs': 'name = 1\n{{#if scenario.name}}\nmore\n{{/each}}\n' },
    args: [...FROM_GOOD, '--template', 'x.toml.hbs'],
    code: 'AUR501',
    says: ['x.toml.hbs:2:', '2 | {{#if scenario.name}}', "if doesn't match each"],
  },
  {
    what: 'a template with an unclosed tag',
    files: { 'x.toml.hbs': 'name = 1\n\nother = {{scenario.name\n' },
    args: [...FROM_GOOD, '--template', 'x.toml.hbs'],
    code: 'AUR501',
    says: ['x.toml.hbs:3:', '3 | other = {{scenario.name'],
  },
  {
    what: 'a template that names what there is not',
    files: { 'x.json.hbs': '{\n\n"name": "{{scenario.nmae}}"\n}\n' },
    args: [...FROM_GOOD, '--traces', '4', '--template', 'x.json.hbs'],
    code: 'AUR501',
    says: ['x.json.hbs:3:', 'nmae', '3 | "name": "{{scenario.nmae}}"'],
  },
  {
    what: 'a template that asks a helper for what there is not',
    files: { 'x.json.hbs': '{\n"name": {{json scenario.nmae}}\n}\n' },
    args: [...FROM_GOOD, '--traces', '4', '--template', 'x.json.hbs'],
    code: 'AUR501',
    says: ['x.json.hbs:2:9', 'does not have', '2 | "name": {{json scenario.nmae}}'],
  },
  {
    what: 'a template that renders no scenario',
    files: { 'x.toml.hbs': 'name = {{scenario.name}}\n' },
    args: [...FROM_GOOD, '--traces', '4', '--template', 'x.toml.hbs'],
    code: 'AUR502',
    says: ['no scenario file', 'AUR401'],
  },
  {
    what: 'a template that bends a number',
    files: { 'x.toml.hbs': '[[scenario]]\nname = {{toml scenario.name}}\nexpected_outcome = "failure"\n' },
    args: [...FROM_GOOD, '--traces', '4', '--template', 'x.toml.hbs'],
    code: 'AUR502',
    says: ['good 001', 'differs'],
  },
];

const CONFIGURATIONS: readonly Case[] = [
  config('an unknown key', '[quint]\nspec_directry = "x"\n', 'AUR211', [
    'aura-config.toml:2:1',
    '`spec_directry` in `quint`',
    'did you mean `spec_directory`?',
  ]),
  config('an unknown key in a nested table', '[quint.generation]\nmax_trace_lenght = 3\n', 'AUR211', [
    'aura-config.toml:2:1',
    'quint.generation',
    'did you mean `max_trace_length`?',
  ]),
  config('an unknown table', '[generatoin]\n', 'AUR211', [
    'aura-config.toml:1:',
    'did you mean `generation`?',
  ]),
  config('broken TOML', '[generation]\nchaos_intensity =\n', 'AUR210', [
    'aura-config.toml:2:18',
    '2 | chaos_intensity =',
  ]),
  config('a number out of range', '[generation]\nchaos_intensity = 1.5\n', 'AUR212', [
    'aura-config.toml:2:19',
    'generation.chaos_intensity',
    'at most 1',
  ]),
  config('a value of another kind', '[quint]\ntimeout_ms = "soon"\n', 'AUR212', [
    'aura-config.toml:2:14',
    'whole number',
  ]),
  config('an unknown class', '[quint.properties]\nSmall = "ThresholdSafty"\n', 'AUR212', [
    'aura-config.toml:2:9',
    'did you mean "ThresholdSafety"?',
  ]),
  {
    what: 'a configuration that is not there',
    args: [...FROM_GOOD, '--config', 'gone.toml'],
    code: 'AUR003',
    says: ['gone.toml', 'no such file'],
  },
];

function config(what: string, text: string, code: string, says: readonly string[]): Case {
  return { what, files: { 'aura-config.toml': text }, code, says };
}

const QUINTS: readonly Case[] = [
  {
    what: 'a Quint that is absent',
    files: { 'aura-config.toml': '[quint]\nquint_path = "no/quint"\n' },
    code: 'AUR101',
    says: ['no/quint', 'cannot be started', 'bundled'],
  },
  quint('a Quint that may not be executed', '', 'AUR101', ['cannot be started'], 0o644),
  quint('a program that is not Quint', 'echo hello', 'AUR105', ['not Quint']),
  quint('a Quint that crashes', 'echo "out of cheese" >&2; exit 7', 'AUR104', [
    'exit code 7',
    'out of cheese',
    'aura doctor',
  ]),
  quint('a Quint that is killed', 'kill -9 $$', 'AUR104', ['was killed']),
  quint(
    'a Quint that writes nonsense',
    'while [ $# -gt 0 ]; do case "$1" in --out|--source-map) echo "{ nonsense" > "$2";; esac; shift; done',
    'AUR104',
    ['JSON of Quint 0.33.0'],
  ),
];

function quint(what: string, body: string, code: string, says: readonly string[], mode = 0o755): Case {
  const version = body.startsWith('echo hello')
    ? ''
    : 'if [ "$1" = --version ]; then echo 0.33.0; exit 0; fi\n';
  return {
    what,
    files: {
      'aura-config.toml': '[quint]\nquint_path = "my quint"\n',
      'my quint': `#!/bin/sh\n${version}${body}\n`,
    },
    prepare: folder => chmod(path.join(folder, 'my quint'), mode),
    args: [...FROM_GOOD, '--no-cache'],
    code,
    says,
  };
}

const OUTPUTS: readonly Case[] = [
  {
    what: 'an output below a file',
    args: ['--spec', 'good.qnt', '--output', 'good.qnt/out'],
    code: 'AUR006',
    says: ['good.qnt/out', 'not a folder'],
  },
  {
    what: 'an output that is a file',
    files: { out: 'precious' },
    code: 'AUR006',
    says: ['out is not a folder'],
  },
  {
    what: 'an output where nothing can be made',
    args: ['--spec', 'good.qnt', '--traces', '2', '--output', '/proc/aura/out'],
    code: 'AUR006',
    says: ['cannot write /proc/aura/out'],
  },
  {
    what: 'an output that holds the files of others',
    files: { 'out/thesis.txt': 'years of work' },
    code: 'AUR007',
    says: ['out holds files that aura did not write', 'thesis.txt', '--force'],
  },
  {
    what: 'an output that holds a folder of others',
    files: { 'out/deep/thesis.txt': 'years of work' },
    code: 'AUR007',
    says: ['deep', '--force'],
  },
  {
    what: 'an output with a manifest of something else',
    files: { 'out/manifest.json': '{ "name": "a web app" }' },
    code: 'AUR007',
    says: ['manifest.json'],
  },
];

export const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  'files and folders': FILES,
  specs: SPECS,
  numbers: NUMBERS,
  usage: USAGE,
  templates: TEMPLATES,
  configurations: CONFIGURATIONS,
  'the Quint in use': QUINTS,
  outputs: OUTPUTS,
};

async function sparseFile(file: string, bytes: number): Promise<void> {
  const handle = await open(file, 'w');
  await handle.truncate(bytes);
  await handle.close();
}
