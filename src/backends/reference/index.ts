/** The float64 backend in plain TypeScript: the oracle that every other backend is compared with. It is slow, and made to
 * be read. */
import { ReferenceBackend } from './reference-backend.ts';

export { ReferenceBackend };

/** Opens the reference backend. It needs nothing, so it is there on every machine. */
export function openReferenceBackend(): ReferenceBackend {
  return new ReferenceBackend();
}
