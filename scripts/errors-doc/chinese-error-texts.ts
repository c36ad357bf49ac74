import type { ErrorCode } from '../../src/core/error-codes.js'
import type { ErrorText } from '../../src/core/error-text.js'

/** The sentences of `error-texts.ts` for docs/zh/errors.md. An app says its own: these are for who writes it. */
export const chineseErrorTexts: Readonly<Partial<Record<ErrorCode, ErrorText>>> = {
  BAD_OPTIONS: {
    why: '选项或参数的值，本库无法使用。',
    fix: '看错误信息：里面写着是哪个选项、可以用哪些值。',
  },
  RUN_ACTIVE: {
    why: '这个通道的一次运行还没结束，又调用了 start() 或 resume()。',
    fix: '等它结束，或先调用 stop()。同时运行两次会计费两次。',
  },
  NOTHING_TO_RESUME: {
    why: '对没有运行过、也没有通道 id 的通道调用了 retry() 或 resume()。',
    fix: '调用 start(input)，或传入 id：resume({ channelId })。',
  },
  NO_TRANSPORT: {
    why: '这个通道可用的流式传输方式，当前平台一种也没有。',
    fix: '看平台表 docs/zh/platforms.md，传入那里有的传输方式。',
  },
  BAD_REQUEST: {
    why: '服务端读不懂这个请求（400）。',
    fix: '检查传给 start() 的内容；服务端会说明它要什么。',
  },
  UNAUTHORIZED: {
    why: '服务端要知道是谁在请求（401）。',
    fix: '用 `headers` 选项带上凭证，再调用 retry()。',
  },
  FORBIDDEN: {
    why: '服务端知道是谁，但不允许（403）。',
    fix: '只请求这个用户可以使用的通道。',
  },
  CHANNEL_NOT_FOUND: {
    why: '服务端没有这个通道（404）：它过期了、被关闭了，或服务端丢了内存。',
    fix: '已有的文本会保留。调用 retry() 重新运行。要经得住服务端重启，用 Redis 日志。',
  },
  WRONG_URL: {
    why: 'start() 请求的地址上，服务端什么也没有（404）。',
    fix: '检查 url 选项：它是路由的根地址，即 handler 挂载的地方。',
  },
  METHOD_NOT_ALLOWED: {
    why: '地址存在，但不接受这个方法（405）。',
    fix: '检查 url 选项：它是根地址，不带 /stream 或 /stop。',
  },
  HISTORY_EXPIRED: {
    why: '游标之后的事件已不再保留（410），继续下去会有缺口。',
    fix: '已有的文本会保留。调用 retry() 得到新的回答，或调大日志的上限。',
  },
  BODY_TOO_LARGE: {
    why: '请求体超过服务端的上限（413）。',
    fix: '少发一些，或在服务端调大 `maxBodyBytes`。',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    why: '请求体的类型，服务端不接受（415）。',
    fix: '发送 JSON，带上 content-type: application/json。',
  },
  CURSOR_AHEAD: {
    why: '游标超出了通道的最后一个事件（416）。',
    fix: '游标属于别的通道，或这个通道的上一段生命；去掉游标再恢复。',
  },
  RATE_LIMITED: {
    why: '请求太多（429）。',
    fix: '等待。读会在 Retry-After 之后自己继续；被拒绝的开始请求需要 retry()。',
  },
  SERVER_ERROR: {
    why: '服务端出错（5xx），或返回了协议里没有的状态码。',
    fix: '看服务端日志。读会自己再试；被拒绝的开始请求需要 retry()。',
  },
  BAD_CONTENT_TYPE: {
    why: '应答不是事件流：往往是代理、登录页或 404 页面的 HTML。',
    fix: '检查 url 选项；服务端要返回 content-type: text/event-stream。',
  },
  BAD_EVENT: {
    why: '有一个事件读不懂：它的数据不是解码器要的格式。',
    fix: '换成这个服务端的解码器，或修好服务端。',
  },
  EVENT_TOO_LARGE: {
    why: '一个事件超过了本库在内存里能放的大小。',
    fix: '把大的结果分成几个事件，或改发链接。',
  },
  DOMAIN_NOT_ALLOWED: {
    why: '平台只允许应用请求名单上的服务器。',
    fix: '在平台后台把服务器加进应用的域名：微信的 request 合法域名和 socket 合法域名是两个列表。开发者工具里可以关掉这项检查。',
  },
  CERTIFICATE_REFUSED: {
    why: '平台不接受服务器的证书，或要求 HTTPS。',
    fix: '提供 HTTPS，TLS 1.2 以上，用公开证书并带完整证书链。也检查手机的日期。',
  },
  PLATFORM_REFUSED: {
    why: '对平台的一次调用被拒绝，或抛出了错误。',
    fix: '看平台自己的话。如果那不是平台说的，检查应用在调用外面包了什么：uni.addInterceptor()，或对 uni.request 的封装。',
  },
  SEQUENCE_GAP: {
    why: '到达的两个事件之间少了一个。',
    fix: '不用做什么：通道会从游标重新读。',
  },
  CONNECTION_LOST: {
    why: '连接断了，在允许的次数之内没能恢复。',
    fix: '已有的文本会保留；提供 retry()，服务端支持时会接着读。H5 上也检查 CORS：被拒绝的源看起来一样。',
  },
  FIRST_BYTE_TIMEOUT: {
    why: '在 timeouts.firstByteMs 之内没有开始应答。',
    fix: '检查地址和网络；服务端本来就慢，就调大时限。请求可能已经送到，它也许还在处理。',
  },
  IDLE_TIMEOUT: {
    why: '在 timeouts.idleMs 之内什么都没来，连心跳也没有。',
    fix: '不用做什么：通道会从游标重新读。如果每次都这样，是有代理在缓冲。',
  },
  TOTAL_TIMEOUT: {
    why: '这次运行超过了 timeouts.totalMs。',
    fix: '调大或去掉这个时限。',
  },
  STOP_FAILED: {
    why: '停止还没能通知到：回答在这里停下了，但服务端可能还在生成。',
    fix: '不用做什么：网络恢复后会再通知，提了下一个问题也一样。stop() 可以立即再试。',
  },
  PRODUCER_ERROR: {
    why: '生产者（模型或任务）在写的时候失败了。',
    fix: '已有的文本会保留；提供 retry()。',
  },
  INCOMPLETE: {
    why: '连接正常关闭了，但服务从没说过它的回答是完整的。',
    fix: '已有的文本会保留；提供 retry()。如果每次都这样，说明解码器是别家的。',
  },
  NO_ACTIVE_STREAM: {
    why: '服务端在这个 id 下已没有流式输出的内容（204），而回答的结尾没有看到。',
    fix: '已有的文本会保留；提供 retry()，它会重新提问。',
  },
  PRODUCER_LOST: {
    why: '生成这个通道的进程死了。',
    fix: '已有的文本会保留；提供 retry()。',
  },
  STORAGE_FULL: {
    why: '设备存不下更多会话：存储满了，或不允许存储。',
    fix: '删掉不再需要的会话。显示着的内容还在；下一次存得下的改动会把它写进去。',
  },
  STORAGE_FAILED: {
    why: '会话的存储出错。',
    fix: '存储说了什么，在 cause 里。显示着的内容还在；下一次改动会把它写进去。',
  },
  STORAGE_NEWER: {
    why: '这个会话是本库更新的版本存下的。',
    fix: '更新应用。存储里的内容没有改动。',
  },
  CHANNEL_CLAIMED: {
    why: '云函数的另一次调用在写这个通道：浏览器可能自己重发了请求，或同一个通道传给了两次调用。',
    fix: '让这个错误结束函数，在做任何事之前：先 await channel.claim()。第一次调用的消息照常继续。每次调用各开一个通道。',
  },
  LOG_FAILED: {
    why: '云函数连不上通道的日志。',
    fix: '部署 uniCloud-aliyun/database，或为这个函数开通 Redis 扩展。存储说了什么，在错误信息里。',
  },
  CLOUD_UNAVAILABLE: {
    why: '构建这个应用时没有关联 uniCloud 服务空间，所以无法调用云函数。',
    fix: '在 HBuilderX 里给项目关联服务空间并从那里运行；命令行构建的项目见 docs/zh/unicloud.md。',
  },
  READER_FAILED: {
    why: '云端拒绝了读取函数，所以推送没带到的内容读不到。',
    fix: '部署 uniCloud-aliyun/cloudfunctions/sse-channel-reader，或在 `reader` 选项里写你自己的。云端说了什么，在错误信息里。',
  },
  PUSH_UNAVAILABLE: {
    why: '这个应用没有 uni-push，所以打不开 uniCloud 通道。',
    fix: '在 manifest.json 里为这个平台开启 uni-push 2.0，并检查有没有 appid。',
  },
  PUSH_OFFLINE: {
    why: '没有网络，这台设备也还没有推送 id。',
    fix: '网络恢复后再打开通道。',
  },
  PUSH_NO_CLIENT_ID: {
    why: '推送服务没有及时给出 id：它的 socket 卡住了，或注册失败。',
    fix: '再打开一次通道；有 Vite 插件时，socket 会在此期间自己恢复。',
  },
  PUSH_LOST: {
    why: '有一次推送丢了，又没有日志可读，继续下去会有缺口。',
    fix: '给云函数配上日志，并部署读取函数：见 docs/zh/unicloud.md。',
  },
  CONVERSATION_NOT_FOUND: {
    why: '这个用户没有这个 id 的会话，或已经没有了。',
    fix: '列出会话，或开始新的会话。',
  },
  CONVERSATION_CHANGED: {
    why: '会话在读取之后被别处改过（409）：另一个标签页，或另一台设备。',
    fix: '重新读取，再改一次。httpStorage() 会自己这样做。',
  },
  CONVERSATION_LIMIT: {
    why: '这个用户的会话数，或这个会话的消息数，已到服务端保存的上限（409）。',
    fix: '删掉一个会话，或开始新的会话；也可以调高 createConversations() 的 limits。',
  },
  BAD_CURSOR: {
    why: '游标的格式不是 <epoch>_<seq>（400）。',
    fix: '原样传回这个通道给你的游标；不传就从头读。',
  },
  CHANNEL_EXISTS: {
    why: '这个 id 的通道已经存在。',
    fix: '换一个 id，或读已有的通道。',
  },
  CHANNEL_CLOSED: {
    why: '通道已经结束，不能再追加。',
    fix: '创建新的通道。',
  },
  SERVER_BUSY: {
    why: '服务端的通道或连接已达上限。',
    fix: '等待，或调大服务端的上限。',
  },
  CHANNEL_STOPPED: {
    why: '客户端要求停止这次运行，不能再写。',
    fix: '不用做什么：让这个错误结束函数，或在 channel.onStop() 里停下生产者。',
  },
}
