import { channelFailures } from './channel-failures.js'
import type { FailureRow } from './failure-row.js'
import { platformFailures } from './platform-failures.js'
import { socketFailures } from './socket-failures.js'

/** Every way in which docs/unicloud.md says that a channel falls silent. */
export const failureRows: readonly FailureRow[] = [...socketFailures, ...channelFailures, ...platformFailures]
