// One seed for all property tests that have none of their own: what passes here passes everywhere. AURA_RANDOM_SEED
// draws others.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.AURA_RANDOM_SEED ?? 20_260_101) });
