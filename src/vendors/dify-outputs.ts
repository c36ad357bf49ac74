import type { Answer } from './answer.js'
import { anyTextOf, fieldsOf, listOf, type Fields } from './fields.js'

/** Files as Dify lists them: told of once, however often they are listed. @param known the names told of */
export function addDifyFiles(answer: Answer, files: unknown, known: Set<string>) {
  for (const file of listOf(files)) {
    const { url, remote_url: remote, mime_type: mime, type, id, related_id: related } = fieldsOf(file)
    const address = anyTextOf(url, remote)
    const name = anyTextOf(related, id, address)
    if (address === '' || known.has(name)) continue
    known.add(name)
    answer.file(address, anyTextOf(mime, type))
  }
}

/**
 * What a workflow gave in the end: the part `data-outputs`, and its files. If it has said nothing else, and there is
 * one text among the outputs, that is the answer.
 */
export function addOutputs(answer: Answer, outputs: Fields, hasText: boolean, files: Set<string>) {
  const values = Object.values(outputs)
  if (values.length === 0) return
  const texts = values.filter((value) => typeof value === 'string' && value !== '')
  if (!hasText && texts.length === 1) answer.piece('text', texts[0])
  answer.data('outputs', outputs, { id: 'outputs' })
  for (const value of values)
    addDifyFiles(answer, (Array.isArray(value) ? value : [value]).filter(isFile), files)
}

const isFile = (value: unknown) => fieldsOf(value).dify_model_identity === '__dify__file__'
