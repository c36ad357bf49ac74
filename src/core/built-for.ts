declare const __UNI_SSE_WEB__: boolean
declare const __UNI_SSE_UNI__: boolean
declare const __UNI_SSE_APP__: boolean
declare const __UNI_SSE_DOUYIN__: boolean
declare const __UNI_SSE_ALIPAY__: boolean
declare const __UNI_SSE_FALLBACKS__: boolean
declare const __UNI_SSE_TOOLS__: boolean
declare const __UNI_SSE_SENTENCES__: boolean
declare const __UNI_SSE_HTML__: boolean
declare const __UNI_SSE_FORMULAS__: boolean
declare const __UNI_SSE_ENTITIES__: boolean
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/*
 * Where this build may run. The Vite plugin writes what it knows of the platform in place of these names, and the
 * bundler leaves out what the platform has no use for. Without the plugin a build may run anywhere.
 */

/** In a page of a browser. */
export const forWeb = typeof __UNI_SSE_WEB__ === 'undefined' || __UNI_SSE_WEB__

/** Where the platform is asked by `uni`: mini-programs and App. */
export const forUni = typeof __UNI_SSE_UNI__ === 'undefined' || __UNI_SSE_UNI__

/** On App. */
export const forApp = typeof __UNI_SSE_APP__ === 'undefined' || __UNI_SSE_APP__

/** On Douyin. */
export const forDouyin = typeof __UNI_SSE_DOUYIN__ === 'undefined' || __UNI_SSE_DOUYIN__

/** On Alipay. */
export const forAlipay = typeof __UNI_SSE_ALIPAY__ === 'undefined' || __UNI_SSE_ALIPAY__

/** What is tried after the platform's first way to stream. An app may leave it out. */
export const withFallbacks = typeof __UNI_SSE_FALLBACKS__ === 'undefined' || __UNI_SSE_FALLBACKS__

/** Calls of tools as parts. An app whose answers have none may leave them out. */
export const withTools = typeof __UNI_SSE_TOOLS__ === 'undefined' || __UNI_SSE_TOOLS__

/** Why an error happened, in English. An app that says it in its own words may leave it out. */
export const withSentences = typeof __UNI_SSE_SENTENCES__ === 'undefined' || __UNI_SSE_SENTENCES__

/** HTML in markdown. An app whose models write none may leave it out: tags are text then. */
export const withHtml = typeof __UNI_SSE_HTML__ === 'undefined' || __UNI_SSE_HTML__

/** Formulas in markdown. Left out, their source is text. */
export const withFormulas = typeof __UNI_SSE_FORMULAS__ === 'undefined' || __UNI_SSE_FORMULAS__

/** Names of characters in markdown beyond the most common, such as `&alpha;`. */
export const withEntities = typeof __UNI_SSE_ENTITIES__ === 'undefined' || __UNI_SSE_ENTITIES__

/** Of pages that load parts of an app when they are needed: H5. Elsewhere an app is one piece, or may be. */
export const inPieces = forWeb && !forUni

/** One known platform: whatever runs in a server or a cloud function is not part of this build. */
export const forReaders = typeof __UNI_SSE_WEB__ !== 'undefined'

/**
 * What users get: options were checked in development, and errors say why, but not what to do about it. Written out:
 * this way bundlers leave out what only developers read. Where nothing is known of the platform nothing is left out.
 */
export const forUsers = forReaders && process.env.NODE_ENV === 'production'
