/**
 * Names that do not exist in the logic layer of a mini program, nor in the service layer of an App, though Node or
 * Chromium, which run it here, have them.
 * Vendor tools on a desktop do define some of these: code that works there proves nothing about a phone.
 */
export const BLOCKED_GLOBALS: readonly string[] = [
  // the page
  ...['window', 'document', 'self', 'top', 'parent', 'frames', 'location', 'history', 'navigator', 'screen'],
  ...[
    'localStorage',
    'sessionStorage',
    'indexedDB',
    'caches',
    'alert',
    'confirm',
    'prompt',
    'getComputedStyle',
  ],
  ...[
    'Event',
    'CustomEvent',
    'MessageEvent',
    'EventTarget',
    'DOMException',
    'Node',
    'Element',
    'HTMLElement',
    'CSS',
  ],
  ...['MutationObserver', 'IntersectionObserver', 'ResizeObserver', 'matchMedia', 'performance'],
  ...['requestAnimationFrame', 'cancelAnimationFrame', 'requestIdleCallback', 'cancelIdleCallback'],
  // the network
  ...['XMLHttpRequest', 'fetch', 'WebSocket', 'EventSource', 'Headers', 'Request', 'Response', 'FormData'],
  ...[
    'AbortController',
    'AbortSignal',
    'URL',
    'URLSearchParams',
    'Worker',
    'SharedWorker',
    'BroadcastChannel',
  ],
  ...['MessageChannel', 'MessagePort', 'postMessage'],
  // bytes and streams
  ...['ReadableStream', 'WritableStream', 'TransformStream', 'CompressionStream', 'DecompressionStream'],
  ...['TextDecoder', 'TextEncoder', 'TextDecoderStream', 'TextEncoderStream', 'Blob', 'File', 'FileReader'],
  ...['atob', 'btoa', 'crypto', 'structuredClone', 'queueMicrotask'],
  // Node
  ...['process', 'Buffer', 'setImmediate', 'clearImmediate', '__dirname', '__filename'],
  // forbidden by the vendors
  ...['eval', 'WebAssembly'],
]
