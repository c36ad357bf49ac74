import 'reflect-metadata'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { toFastify } from '../../../src/server/adapters/to-fastify.js'
import { toHono } from '../../../src/server/adapters/to-hono.js'
import { createHandler } from '../../../src/server/http/create-handler.js'
import { createFetchHandler } from '../../../src/server/http/create-fetch-handler.js'
import { listen, unlisten } from '../../helpers/listen.js'
import { httpContract } from '../http/http-suite.contract.js'

const portOf = (server: Server) => (server.address() as AddressInfo).port

async function listening(server: Server, leave: () => Promise<void>) {
  return { port: await listen(server), leave, close: () => unlisten(server) }
}

httpContract({
  name: 'node:http',
  async start(hub, options) {
    const handler = createHandler(hub, options)
    const server = createServer(handler)
    return listening(server, handler.close)
  },
})

httpContract({
  name: 'Express',
  async start(hub, options) {
    const handler = createHandler(hub, options)
    const server = createServer(express().use(handler))
    return listening(server, handler.close)
  },
})

httpContract({
  name: 'an Express router, after a JSON parser',
  async start(hub, options) {
    const handler = createHandler(hub, { ...options, basePath: '/' })
    const app = express().use(express.urlencoded())
    // What the parser itself refuses never gets to the handler; the contract wants the handler's refusals.
    const json = express.json({ type: (request) => request.headers['content-length'] !== '1', limit: '5kb' })
    const parse: express.RequestHandler = (request, response, next) =>
      Number(request.headers['content-length'] ?? 0) > 5_000 ? next() : json(request, response, next)
    app.use(parse)
    app.use('/api/chat', handler)
    const server = createServer(app)
    return listening(server, handler.close)
  },
})

httpContract({
  name: 'Fastify',
  async start(hub, options) {
    const handler = createHandler(hub, options)
    // A connection that fetch opened to spare would hold the close for as long as it is kept alive.
    const app = fastify({ forceCloseConnections: true })
    await app.register(toFastify(handler), { prefix: '/api/chat' })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return {
      port: portOf(app.server as Server),
      leave: handler.close,
      close: () => app.close(),
    }
  },
})

httpContract({
  name: 'Hono, as Web requests',
  async start(hub, options) {
    const handler = createFetchHandler(hub, options)
    const app = new Hono()
    app.all('/api/chat/*', toHono(handler))
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
    return {
      port: portOf(server),
      leave: handler.close,
      close: () => unlisten(server),
    }
  },
})

httpContract({
  name: 'NestJS',
  async start(hub, options) {
    const handler = createHandler(hub, options)
    class AppModule {
      readonly name = 'app'
    }
    Module({})(AppModule)
    const app = await NestFactory.create(AppModule, { logger: false })
    app.use(handler)
    await app.listen(0, '127.0.0.1')
    return {
      port: portOf(app.getHttpServer() as Server),
      leave: handler.close,
      close: () => app.close(),
    }
  },
})
