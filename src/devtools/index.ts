export { channelDevtools, type ChannelDevtoolsOptions } from './channel-devtools.js'
