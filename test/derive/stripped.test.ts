// The specs of the project, with what a person may have left out taken away: what is derived takes every action that the
// original takes. Copies without any of the three are held by the scenarios that are generated from them.
import { describe, expect, it } from 'vitest';
import { strip } from './strip.js';
import { lost } from './support.js';

describe('a spec that lacks one thing', () => {
  const few = ['dkd', 'recovery', 'locking'];
  it.each(few)('%s without step', async name => expect(await lost(name, ['step'])).toEqual([]), 120_000);
  it.each(few)('%s without init', async name => expect(await lost(name, ['init'])).toEqual([]), 120_000);
  it.each(few)(
    '%s without constants',
    async name => expect(await lost(name, ['constants'])).toEqual([]),
    120_000,
  );
});

describe('stripping', () => {
  it('takes away what uses what is gone, and its comments', () => {
    const text = [
      'module m {',
      '  var n: int',
      "  action init = n' = 0",
      '  /// Counts.',
      "  action step = n' = n + 1",
      '  run stepTest = init.then(step)',
      '  val steps = n',
      '  import p(',
      '    N = 1,',
      '  ).*',
      '}',
    ].join('\n');
    const stripped = strip(text, ['step', 'constants']);
    expect(stripped.split('\n')).toEqual([
      'module m {',
      '  var n: int',
      "  action init = n' = 0",
      '  val steps = n',
      '  import p.*',
      '}',
    ]);
  });
});
