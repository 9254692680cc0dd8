// Every bound on what aura reads or spawns, in one table. A bound that is hit is an error with a code, never a
// silent cut.

export const LIMITS = {
  /** Bytes of one Quint source file. Real specs stay below 1 MB; Quint needs minutes on more. */
  specBytes: 5_000_000,
  /** Bytes of one scenario or configuration file. */
  tomlBytes: 5_000_000,
  /** Nesting of values of a TOML file, and parts of one of its dotted keys. */
  tomlDepth: 50,
  /** Bytes of one Handlebars template. */
  templateBytes: 1_000_000,
  /** Bytes of one state or one event of a trace, and of a line of one in JSON Lines. */
  traceStateBytes: 64_000_000,
  /** Bytes of a trace without its states: `#meta`, names and what other tools add. */
  traceFrameBytes: 8_000_000,
  /** Nesting of one value of a trace. */
  valueDepth: 500,
  /** Digits of one integer of a trace. Turning text into an integer takes more than linear time. */
  traceIntDigits: 100_000,
  /** Events of a trace that have to be in memory to be put in order, and their bytes. */
  orderedEvents: 1_000_000,
  orderedBytes: 256_000_000,
  /** Events times nodes of a trace that is put in causal order. */
  causalCells: 50_000_000,
  /** Misfits that are shown of one trace; the others are counted. */
  traceMisfits: 100,
  /** Different names of variables in one trace. */
  traceNames: 10_000,
  /** Spec files taken from one folder. */
  specFiles: 1_000,
  /** Scenario files taken from one folder. */
  scenarioFiles: 100_000,
  /** Values in a file up to which all violations of its schema are looked for; in a larger one the first only. */
  schemaValues: 20_000,
  /** Scenarios that extend one another in a row. */
  extendsDepth: 100,
  /** Errors shown for one scenario file. */
  scenarioErrors: 50,
  /** States that are followed at once when a schedule that leaves something open is replayed. */
  replayStates: 1_000,
  /** Bytes of one Rust file. */
  rustBytes: 5_000_000,
  /** Bytes of all Rust files together. */
  rustTotalBytes: 50_000_000,
  /** Rust files taken from all folders together. */
  rustFiles: 2_000,
  /** Nesting of one Rust type, and of modules in a Rust file. */
  rustTypeDepth: 100,
  /** Syntax errors shown for one Rust file. */
  rustErrors: 20,
  /** Pairs of types, one of the spec and one of Rust, that one comparison looks at. */
  typeComparisons: 100_000,
  /** Elements that a domain made of the structure of a type may have, beside values from elsewhere and alone. */
  domainBeside: 128,
  domainElements: 5_000,
  /** Milliseconds that one call of Quint may take unless the configuration says otherwise. */
  quintMs: 120_000,
  /** Megabytes of memory of one worker that evaluates a spec. */
  workerMegabytes: 4_096,
  /** Milliseconds that a driver may take for one answer. */
  driverMs: 30_000,
  /** Milliseconds that the program of a driver has for ending by itself, and then after SIGTERM. */
  driverEndMs: 1_000,
  /** Milliseconds for closing a driver of a run that is over before its end. */
  driverCloseMs: 2_000,
  /** Milliseconds beyond its time after which a run is cut off from outside, and that it has for ending on Ctrl-C. */
  runGraceMs: 5_000,
  runStopMs: 2_000,
  /** Bytes of one line of the program of a driver. */
  driverLineBytes: 16_000_000,
  /** Bytes of the standard error of the program of a driver that are passed on. */
  driverStderrBytes: 1_000_000,
  /** Milliseconds for `quint --version`. */
  quintVersionMs: 20_000,
  /** Bytes that Quint may print or write in one call. */
  quintOutputBytes: 512_000_000,
} as const;
