/** Name of the messages from a page's view to the service layer, and of the object that stays in the page. */
export const VIEW_CHANNEL = 'uniSSEChannel'

/** What runs in a page's WebView: given to `evalJS` before every call, does its work once. */
export type ViewCall =
  /** Can this page stream? Sends no request, so it is safe before a start. */
  | { readonly call: 'hello'; readonly id: string }
  /** Is this stream still running there? */
  | { readonly call: 'check'; readonly id: string }
  | { readonly call: 'abort'; readonly id: string }
  | {
      readonly call: 'open'
      readonly id: string
      readonly url: string
      readonly method: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | null
      readonly withCredentials: boolean
      /** At most one message of text in so many milliseconds, while the page is visible. */
      readonly batchMs: number
    }

/** What the page tells. `n` counts the messages of a stream from 0: a hole in it means that one was lost. */
export type ViewMessage =
  | { readonly id: string; readonly type: 'hello'; readonly able: boolean }
  | { readonly id: string; readonly type: 'alive' | 'gone' }
  | StreamMessage

export type StreamMessage = { readonly id: string; readonly n: number } & (
  | { readonly type: 'head'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly message: string }
)

// A page of the app has the framework's bridge. A WebView without the framework has what that bridge is made of, and
// what DCloud's uni.webview.js for pages of any kind speaks through; it comes with the 5+ API, once the page is loaded.
// Text, not a function turned to text: minifiers rename and compilers add helpers. ES5: WebViews are old.
const SCRIPT = `(function (w, name) {
var bridge = w.UniViewJSBridge, plus = w.plus;
if (w[name] || !bridge && !(plus && plus.webview)) return;
var streams = {};
function post(message) {
  if (bridge) bridge.publishHandler(name, message);
  else plus.webview.postMessageToUniNView({
    type: 'subscribeHandler', args: { type: name, data: message, pageId: '' }
  }, '__uniapp__service')
}
w[name] = {
  hello: function (o) {
    post({ id: o.id, type: 'hello',
      able: !!(w.fetch && w.TextDecoder && w.AbortController && w.Response && 'body' in w.Response.prototype) })
  },
  check: function (o) { post({ id: o.id, type: streams[o.id] ? 'alive' : 'gone' }) },
  abort: function (o) { if (streams[o.id]) streams[o.id]() },
  open: function (o) {
    var n = 0, text = '', timer = 0, sentAt = 0;
    var decoder = new TextDecoder('utf-8', { ignoreBOM: true }), abort = new AbortController();
    streams[o.id] = function () { close(); abort.abort() };
    function close() { clearTimeout(timer); delete streams[o.id] }
    function tell(message) { message.id = o.id; message.n = n++; post(message) }
    function flush() {
      clearTimeout(timer);
      timer = 0;
      if (!text) return;
      var whole = text;
      text = '';
      sentAt = Date.now();
      tell({ type: 'text', text: whole })
    }
    function add(more) {
      text += more;
      var wait = sentAt + o.batchMs - Date.now();
      if (document.hidden || wait <= 0 || wait > o.batchMs) flush();
      else if (!timer) timer = setTimeout(flush, wait)
    }
    function finish(message) {
      if (!streams[o.id]) return;
      flush();
      close();
      tell(message)
    }
    function fail(error) { finish({ type: 'failed', message: String(error && error.message || error) }) }
    fetch(o.url, {
      method: o.method, headers: o.headers, body: o.body === null ? undefined : o.body,
      signal: abort.signal, credentials: o.withCredentials ? 'include' : 'omit', cache: 'no-store'
    }).then(function (response) {
      if (!streams[o.id]) return;
      var headers = {};
      response.headers.forEach(function (value, key) { headers[key] = value });
      tell({ type: 'head', status: response.status, headers: headers });
      if (!response.body) return finish({ type: 'end' });
      var reader = response.body.getReader();
      function read() {
        reader.read().then(function (part) {
          if (!streams[o.id]) return;
          if (part.done) {
            text += decoder.decode();
            return finish({ type: 'end' })
          }
          add(decoder.decode(part.value, { stream: true }));
          read()
        }).catch(fail)
      }
      read()
    }).catch(fail)
  }
}
})(window, '${VIEW_CHANNEL}');`

/** A value as source. */
export function scriptArgument(value: unknown): string {
  // Inside a JavaScript string literal of older WebViews these two end the line.
  return JSON.stringify(value)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')
}

/** The script that makes one call in a page. */
export const toScript = ({ call, ...options }: ViewCall): string =>
  `${SCRIPT}window.${VIEW_CHANNEL}&&${VIEW_CHANNEL}.${call}(${scriptArgument(options)})`
