// One case for each way in which a scenario file can be wrong: its code, line, column and words.
import { describe, expect, it } from 'vitest';
import { parseScenarioText } from '../../src/scenario/load.js';
import { type AuraError, showError } from '../../src/util/errors.js';

async function errorsOf(text: string): Promise<readonly AuraError[]> {
  const loaded = await parseScenarioText(text, 'bad.toml');
  if (loaded.ok) expect.fail('it loaded');
  return loaded.errors;
}

function brief({ code, location, message, hint }: AuraError): string {
  return `${code} ${location?.line}:${location?.column} ${message}${hint === undefined ? '' : ` | ${hint}`}`;
}

const head = '[[scenario]]\nname = "x"\n';

describe('TOML', () => {
  it.each([
    ['[[scenario]\n', 'AUR401 1:12 unexpected end of the line'],
    ['name = \n', 'AUR401 1:8 unexpected end of the line'],
    [`${head}name = "y"`, "AUR401 3:1 cannot redefine existing key 'scenario.name'"],
    ['a = "\\q"', 'AUR401 1:6 invalid escape sequence'],
    ['a = [1', 'AUR401 1:7 unexpected end of the file'],
    [
      `${head}setup = { seed = 18446744073709551615 }`,
      'AUR401 3:18 integer literal is outside the 64-bit signed integer range required by TOML | write a seed or a constant of that size as a string of its digits',
    ],
    [`${head}${'a.'.repeat(60)}b = 1`, 'AUR401 3:1 a key has more than 50 parts'],
    [`a = ${'['.repeat(60)}${']'.repeat(60)}`, 'AUR401 1:55 maximum nesting depth of 50 exceeded'],
  ])('%j', async (text, expected) => {
    expect((await errorsOf(text)).map(brief)).toEqual([expected]);
  });
});

describe('the format', () => {
  it.each([
    ['', 'AUR402 1:1 `scenario` is missing'],
    ['scenario = []', 'AUR402 1:1 the file holds no scenario'],
    [
      'version = 2\nnew = true\n',
      'AUR406 1:11 the file is in version 2 of the scenario format, this aura reads up to version 1 | use a newer aura',
    ],
    [`version = 0\n${head}`, 'AUR402 1:11 `version` must be 1'],
    [`format = "other"\n${head}`, 'AUR402 1:10 `format` must be "aura-scenario"'],
    ['[[scenario]]\ndescription = "x"', 'AUR402 1:1 in `scenario`: `name` is missing'],
    ['\n  [[scenario]]\n  name = ""', 'AUR402 3:10 `scenario.name` must not be empty'],
    [`${head}[scenario.nework]`, 'AUR402 3:1 unknown key `nework` in `scenario` | did you mean `network`?'],
    [
      `${head}network = { drop_rate = 0, droprate = 1 }`,
      'AUR402 3:28 unknown key `droprate` in `scenario.network` | did you mean `drop_rate`?',
    ],
    [
      `${head}[scenario.timing]\nwholly_unlike = 1`,
      'AUR402 4:1 unknown key `wholly_unlike` in `scenario.timing` | known keys: epoch_ms, timeout_epochs, jitter_ms, clock_skew_ms',
    ],
    [
      `${head}expected_outcome = "sucess"`,
      'AUR402 3:20 `scenario.expected_outcome` must be one of success, failure, honest_majority_success, safety_violation_prevented, property_violation, property_holds, inconclusive, not "sucess" | did you mean "success"?',
    ],
    [
      `${head}[scenario.setup]\nparticipants = "5"`,
      'AUR402 4:16 `scenario.setup.participants` must be a whole number, not "5" | Number of participants. Without it, that of the first phase\'s setup, or else 3.',
    ],
    [`${head}setup.participants = 0`, 'AUR402 3:22 `scenario.setup.participants` must be at least 1'],
    [`${head}network.drop_rate = 1.5`, 'AUR402 3:21 `scenario.network.drop_rate` must be at most 1'],
    [
      `${head}network.latency_range = [1]`,
      'AUR402 3:25 `scenario.network.latency_range` must have at least 2 entries | Shortest and longest delay of a message, in milliseconds.',
    ],
    [
      `${head}network.latency_range = [1, -2]`,
      'AUR402 3:29 `scenario.network.latency_range` must be at least 0',
    ],
    [
      `${head}network.partitions = [[[0], [1]], 7]`,
      'AUR402 3:35 `scenario.network.partitions` has not the right form | A list of groups of participants, or a table with `groups` and more.',
    ],
    [
      `${head}network.partitions = [[[0], ["1"]]]`,
      'AUR402 3:30 `scenario.network.partitions` must be a whole number, not "1" | A participant by its number, counted from 0.',
    ],
    [
      `${head}[[scenario.network.partitions]]\nheal_ms = 1`,
      'AUR402 3:1 in `scenario.network.partitions`: `groups` is missing',
    ],
    [`${head}[[scenario.protocols]]\ncontext = "a"`, 'AUR402 3:1 in `scenario.protocols`: `type` is missing'],
    [
      `${head}[[scenario.assertions]]\ntype = "t"\ntimeout_multiplier = 0`,
      'AUR402 5:22 `scenario.assertions.timeout_multiplier` must be greater than 0',
    ],
    [
      `${head}[[scenario.steps]]\naction = "a"\nparams = { n = 3 }`,
      'AUR402 5:16 `scenario.steps.params.n` must be a string, not 3',
    ],
    [`${head}setup.seed = "12a"`, 'AUR402 3:14 `scenario.setup.seed` has not the right form'],
    [`${head}setup.seed = -1`, 'AUR402 3:14 `scenario.setup.seed` must be at least 0'],
    [
      `${head}[scenario.quint_source]\nmodule = "m"`,
      'AUR402 3:1 in `scenario.quint_source`: `specification` is missing',
    ],
  ])('%j', async (text, expected) => {
    const found = (await errorsOf(text)).map(brief);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(expected), found[0]).toBe(true);
  });

  it('reports every error of a file, in the order of its lines', async () => {
    const found = await errorsOf(`[[scenario]]
name = 3
[scenario.network]
drop_rate = -1
extra = 1
[[scenario]]
[[scenario.phases]]
checkpoints = [""]
`);
    expect(found.map(brief).map(each => each.split(' |')[0])).toEqual([
      'AUR402 2:8 `scenario.name` must be a string, not 3',
      'AUR402 4:13 `scenario.network.drop_rate` must be at least 0',
      'AUR402 5:1 unknown key `extra` in `scenario.network`',
      'AUR402 6:1 in `scenario`: `name` is missing',
      'AUR402 7:1 in `scenario.phases`: `name` is missing',
      'AUR402 8:16 `scenario.phases.checkpoints` must not be empty',
    ]);
  });

  it('shows at most 50 errors, and says that there are more', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `strange_${i} = 1`);
    const found = await errorsOf(`[[scenario]]\n${lines.join('\n')}`);
    expect(found).toHaveLength(51);
    expect(found[50]?.code).toBe('AUR409');
  });

  it('looks for the first error only in a file of many values', async () => {
    const found = await errorsOf(`${head}network.partitions = [${'7,'.repeat(100_000)}]\nextra = 1`);
    expect(found.map(each => each.code)).toEqual(['AUR402', 'AUR409']);
  });

  it('shows the line with a caret', async () => {
    const [error] = await errorsOf(`${head}network.drop_rate = 1.5`);
    expect(
      error && showError(error),
    ).toBe(`error AUR402: bad.toml:3:21: \`scenario.network.drop_rate\` must be at most 1
  3 | network.drop_rate = 1.5
    |                     ^`);
  });

  it('counts lines and columns in files with CRLF as in others', async () => {
    const [error] = await errorsOf(`${head}network.drop_rate = 1.5\n`.replaceAll('\n', '\r\n'));
    expect(error?.location).toMatchObject({ line: 3, column: 21 });
    expect(error?.excerpt).not.toContain('\r');
  });
});

describe('values that contradict one another', () => {
  it.each([
    [
      'setup = { participants = 3, threshold = 4 }',
      '3:41 the threshold 4 is above the number of participants, 3',
    ],
    ['setup = { fault_bound = 4 }', '3:25 the fault bound 4 is above the number of participants, 3'],
    [
      'phases = [{ name = "a" }, { name = "b", setup = { threshold = 9 } }]',
      '3:63 the threshold 9 is above the number of participants, 3',
    ],
    ['phases = [{ name = "a" }, { name = "a" }]', '3:36 the scenario has another phase "a"'],
    ['setup.seed = "18446744073709551616"', '3:14 the seed 18446744073709551616 is above 2^64 - 1'],
    ['network.latency_range = [9, 5]', '3:25 the shortest latency 9 is above the longest, 5'],
    ['network.partitions = [[[0], [0, 1]]]', '3:23 participant 0 is named twice'],
    ['network.partitions = [[[0], [3]]]', '3:23 there is no participant 3: the last of 3 is 2'],
    ['network.partitions = [[[0, 1]]]', '3:23 a partition needs two groups or more'],
    ['network.partitions = [[[0], []]]', '3:23 a group of the partition is empty'],
    [
      'network.partitions = [{ groups = [[0], [1]], start_ms = 5, heal_ms = 5 }]',
      '3:23 the partition heals at 5 ms, not after its start at 5 ms',
    ],
    [
      '[scenario.timing]\nepoch_ms = 10\n[scenario.chaos]\nsafety_ms = 50\n[[scenario.protocols]]\ntype = "dkd"\ntimeout_epochs = 5',
      '6:13 the quorum is healed after 50 ms, when the timeout of dkd is over, 5 epochs of 10 ms',
    ],
    ['faults = [{ type = "delay", ms = nan }]', '3:34 NaN is not a finite number'],
    ['faults = [{ type = "delay", ms = -inf }]', '3:34 -Infinity is not a finite number'],
    ['protocols = [{ type = "dkd", more = [1, { a = inf }] }]', '3:47 Infinity is not a finite number'],
    ['assertions = [{ type = "t", bound = inf }]', '3:37 Infinity is not a finite number'],
    ['byzantine.count = 4', '3:19 4 byzantine participants are more than the 3 participants'],
    ['byzantine = { count = 1, participants = [0, 1] }', '3:23 `count` is 1, but `participants` names 2'],
    ['byzantine.participants = [3]', '3:26 there is no participant 3: the last of 3 is 2'],
    [
      'byzantine.strategies = [{ type = "silent" }]',
      '3:24 the strategies belong to nobody: state `count` or `participants`',
    ],
    [
      'faults = [{ type = "crash", participants = [0, 3] }]',
      '3:44 there is no participant 3: the last of 3 is 2',
    ],
    ['steps = [{ action = "a", node = 3 }]', '3:33 there is no participant 3: the last of 3 is 2'],
    [
      'assertions = [{ type = "t", expected_detected = [8] }]',
      '3:49 there is no participant 8: the last of 3 is 2',
    ],
  ])('%s', async (line, expected) => {
    expect((await errorsOf(`${head}${line}`)).map(brief)).toEqual([`AUR407 ${expected}`]);
  });
});

describe('Quint literals', () => {
  it('are read where they stand, and refused there', async () => {
    const text = `${head}setup.constants = { N = 3, BAD = "Set(1" }
[[scenario.steps]]
action = "sign"
params = { p = "\\"p1\\"", q = "1 + 1" }
[scenario.steps.picks]
m = "{ a: }"
`;
    expect((await errorsOf(text)).map(brief).map(each => each.split(' |')[0])).toEqual([
      'AUR408 3:34 `BAD` is not a literal of Quint: expected `,` or `)` at character 6 of "Set(1"',
      'AUR408 6:30 `q` is not a literal of Quint: unexpected text after the value at character 3 of "1 + 1"',
      'AUR408 8:5 `m` is not a literal of Quint: expected a value at character 6 of "{ a: }"',
    ]);
  });
});
