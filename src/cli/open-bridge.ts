// The bridge to Quint as the configuration and the options want it.
import { NO_CACHE, openCache } from '../bridge/cache.js';
import type { Bridge } from '../bridge/load-spec.js';
import { findQuint } from '../bridge/quint-program.js';
import { LIMITS } from '../util/limits.js';
import { ok, type Result } from '../util/result.js';
import type { LoadedConfig } from './config.js';
import type { Session } from './session.js';

export interface BridgeOptions {
  /** False after --no-cache. */
  readonly cache?: boolean;
}

export async function openBridge(
  session: Session,
  config: LoadedConfig,
  options: BridgeOptions,
): Promise<Result<Bridge>> {
  const quint = await findQuint(config.pathOf(config.data.quint?.quint_path));
  if (!quint.ok) return quint;
  return ok({
    quint: quint.value,
    cache: options.cache === false ? NO_CACHE : openCache(),
    timeoutMs: config.data.quint?.timeout_ms ?? LIMITS.quintMs,
    signal: session.signal,
  });
}
