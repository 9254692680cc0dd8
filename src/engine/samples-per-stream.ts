// What the one who shares out a simulation has to know of the one who runs it, in a file of its own so that he need not
// load the engine.

/** Samples that share one stream of random numbers: making a stream costs as much as a short run. */
export const SAMPLES_PER_STREAM = 64;
