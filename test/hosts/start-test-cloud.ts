import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createLocalCloud,
  type LocalCloud,
  type LocalCloudOptions,
} from '../../scripts/local-cloud/cloud/create-local-cloud.js'
import { createPushGateway, type PushGateway } from '../../scripts/local-cloud/gateway/push-gateway.js'
import { Gate } from './gate.js'

/** The push gateway on a port of its own, behind a network that can break. */
export interface TestGateway extends PushGateway {
  /** Where an SDK connects, through the gate. Put it in storage as `getui_socket_url` before the app starts. */
  readonly url: string
  readonly gate: Gate
}

/** The cloud that `npm start` serves, on ports of its own, behind networks that can break. */
export interface TestCloud extends LocalCloud {
  /** `apiEndpoint` of the service space. */
  readonly endpoint: string
  /** Breaks calls of cloud functions as networks do. */
  readonly gate: Gate
  readonly push: TestGateway
}

export async function startTestCloud(options: LocalCloudOptions): Promise<TestCloud> {
  const cloud = await createLocalCloud(options)
  const server = createServer(cloud.handle)
  const gate = await behindGate(server)
  const push = await serve(cloud.push)
  return {
    ...cloud,
    endpoint: `http://127.0.0.1:${gate.port}`,
    gate,
    push,
    async close() {
      await gate.close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      await push.close()
    },
  }
}

export function startTestGateway(): Promise<TestGateway> {
  return serve(createPushGateway())
}

async function serve(gateway: PushGateway): Promise<TestGateway> {
  const server = createServer().on('upgrade', gateway.accept)
  const gate = await behindGate(server)
  const close = gateway.close.bind(gateway)
  // The gateway itself, whose properties are live.
  return Object.assign(gateway, {
    url: `ws://127.0.0.1:${gate.port}`,
    gate,
    async close() {
      await gate.close()
      await close()
      await new Promise((closed) => server.close(closed))
    },
  })
}

async function behindGate(server: Server): Promise<Gate> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return Gate.open((server.address() as AddressInfo).port)
}
