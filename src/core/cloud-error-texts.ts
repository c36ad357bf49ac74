import type { ErrorTexts } from './error-text.js'

/** What a client of cloud functions and push may come to, and the functions themselves. */
export const cloudErrorTexts = {
  CHANNEL_CLAIMED: {
    why: 'Another call of a cloud function writes to this channel: a browser may repeat a request by itself, or the channel was passed to two calls.',
    fix: 'Let the error end the function, before it does any work: await channel.claim() first. Messages of the first call go on. Open a channel for each call.',
  },
  LOG_FAILED: {
    why: 'The cloud function could not reach the log of its channel.',
    fix: 'Deploy uniCloud-aliyun/database, or enable the Redis extension for this function. What the storage said is in the message.',
  },
  CLOUD_UNAVAILABLE: {
    why: 'This app was built without a uniCloud service space, so cloud functions can not be called.',
    fix: 'Link a space to the project in HBuilderX and run it from there; see docs/unicloud.md for projects built on the command line.',
  },
  READER_FAILED: {
    why: 'The cloud refused the reader function, so what push did not bring could not be read.',
    fix: 'Deploy uniCloud-aliyun/cloudfunctions/sse-channel-reader, or name your own in the `reader` option. What the cloud said is in the message.',
  },
  PUSH_UNAVAILABLE: {
    why: 'uni-push is not part of this app, so a uniCloud channel can not be opened.',
    fix: 'Enable uni-push 2.0 for this platform in manifest.json, and check that it has an appid.',
  },
  PUSH_OFFLINE: {
    why: 'There is no network, and this device has no push client id yet.',
    fix: 'Open the channel again when the network is back.',
  },
  PUSH_NO_CLIENT_ID: {
    why: 'The push service gave no client id in time: its socket is stuck, or the registration failed.',
    fix: 'Open the channel again; with the Vite plugin the socket recovers by itself meanwhile.',
  },
  PUSH_LOST: {
    why: 'A push was lost and there is no log to read it from, so going on would leave a hole.',
    fix: 'Give the cloud function a log and deploy a reader function: see docs/unicloud.md.',
  },
} as const satisfies ErrorTexts
