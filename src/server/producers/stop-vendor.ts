import type { VendorStop } from '../../vendors/vendor.js'

/** Whoever stopped has gone on; nobody waits for this longer. */
const STOP_MS = 10_000

/** Tells a vendor to stop. Whether it does is its own affair: the run is over here, and the connection is closed. */
export async function stopVendor(
  { method, url, body }: VendorStop,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(STOP_MS),
    })
    await response.body?.cancel()
  } catch {
    // Not reached: hanging up has to do.
  }
}
