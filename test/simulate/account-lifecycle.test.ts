// RFC 080's account lifecycle in one world: a key is derived, handed over to one more device with a higher threshold, and
// recovered after a device was lost. It is the same key all along.
import { expect, it } from 'vitest';
import { dkd } from '../../src/simulate/protocols/dkd/protocol.js';
import { recovery } from '../../src/simulate/protocols/recovery/recovery.js';
import { resharing } from '../../src/simulate/protocols/resharing/resharing.js';
import { must } from '../../src/util/assert.js';
import { judged } from './support/protocol-runs.js';
import { beginOptions, begun, got } from './support/world.js';

it('keeps one key through bootstrap, a new device and recovery', async () => {
  const parameters = { context: 'root_identity' };
  const simulation = begun({ protocol: dkd, participants: 3, begin: { parameters } });
  const bootstrap = await judged(dkd, simulation, [...simulation.run()]);
  expect(bootstrap.complaints).toEqual([]);
  const key = must(simulation.view.nodes[0]?.vault.group_public_key, 'the key of the bootstrap');

  const grown = { participants: 4, threshold: 3, parameters: { new_threshold: 3 } };
  got(simulation.begin(resharing, beginOptions(grown)));
  const handover = await judged(resharing, simulation, [...simulation.run()]);
  expect(handover.complaints).toEqual([]);
  expect(simulation.facts()).toEqual({
    keys: { 0: key, 1: key, 2: key, 3: key },
    activeThreshold: 3,
    sharesValid: true,
  });

  const lost = { participants: 4, threshold: 3, guardianApprovals: 2, lost: [0] };
  got(simulation.begin(recovery, beginOptions({ ...lost, parameters: { guardian_devices: [1, 2] } })));
  const recovered = await judged(recovery, simulation, [...simulation.run()]);
  expect(recovered.complaints).toEqual([]);
  expect(simulation.facts()).toEqual({ recovered: true, accountAccessible: true });
  expect(simulation.view.setting).toMatchObject({ publicKey: key, threshold: 2, guardians: [1, 2] });
});
