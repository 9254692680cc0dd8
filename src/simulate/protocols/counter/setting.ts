// The setting of a run of the counter: who hands out values, how many blocks of which size there are, and how many of
// them each requester wants to use up. Bounds of the spec are set so far away that no run meets them by chance.
import { ok, type Result } from '../../../util/result.js';
import type { SettingRequest } from '../../protocol.js';
import { type Electorate, electorateConstants, electorateOf, PLENTY, refuse } from '../electorate.js';
import { intOf, parameterInt } from '../setting-values.js';

export type CounterSetting = Electorate & {
  readonly blocks: number;
  readonly blockSize: number;
  readonly maxCrashes: number;
  /** Blocks that each requester wants to use up when it runs freely. */
  readonly rounds: number;
  /** Epochs that a requester waits for acknowledgements at first. */
  readonly patience: number;
  /** Users want a value so often, ms of the requester's clock. */
  readonly valueMs: number;
  readonly timeoutEpochs: number;
  readonly bug: string | null;
};

/** Attempts that may fail for each requester before its blocks run out. */
const SPARE_BLOCKS = 4;
/** Blocks and values that a run can keep in its state. */
const MOST_VALUES = 10_000;

/** Errors: AUR441. */
export function counterSetting(request: SettingRequest): Result<CounterSetting> {
  const electorate = electorateOf(request);
  if (!electorate.ok) return electorate;
  const { constants, parameters, timeoutEpochs, bug } = request;
  const rounds = parameterInt(parameters, 'rounds') ?? 2;
  const enough = electorate.value.requesters.length * (rounds + SPARE_BLOCKS);
  const blocks = intOf(constants, 'BLOCKS') ?? parameterInt(parameters, 'blocks') ?? enough;
  const blockSize = intOf(constants, 'BLOCK_SIZE') ?? parameterInt(parameters, 'block_size') ?? 2;
  if (blocks < 1 || blockSize < 1 || blocks * blockSize > MOST_VALUES)
    return refuse(
      `${blocks} blocks of ${blockSize} values: both have to be there, and at most ${MOST_VALUES} values`,
    );
  return ok({
    ...electorate.value,
    blocks,
    blockSize,
    maxCrashes: intOf(constants, 'MAX_CRASHES') ?? PLENTY,
    rounds,
    patience: parameterInt(parameters, 'patience_epochs') ?? 2,
    valueMs: parameterInt(parameters, 'value_ms') ?? 250,
    timeoutEpochs,
    bug: bug ?? null,
  });
}

/** As Quint writes them. */
export function counterConstants(setting: CounterSetting) {
  return {
    ...electorateConstants(setting),
    BLOCKS: String(setting.blocks),
    BLOCK_SIZE: String(setting.blockSize),
    MAX_CRASHES: String(setting.maxCrashes),
  };
}
