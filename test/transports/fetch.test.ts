import { fetchTransport } from '../../src/transports/fetch.js'
import { transportContract } from './transport-contract.js'

transportContract('fetch', fetchTransport, () => () => undefined)
