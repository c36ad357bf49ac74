import type { Answer } from './answer.js'
import { fieldsOf, listOf, type Fields } from './fields.js'

/**
 * What a search found, under the names in use: `citations` (Perplexity), `search_results`, `references` (豆包),
 * `web_search` (智谱), `search_info` (通义千问), `annotations` (OpenAI). Addresses, or objects with `url` or `link`.
 */
export function addFoundSources(answer: Answer, fields: Fields) {
  const { citations, search_results: results, references, web_search: web, annotations } = fields
  const { search_results: inside } = fieldsOf(fields.search_info)
  for (const list of [annotations, results, references, web, inside, citations])
    for (const one of listOf(list)) {
      if (typeof one === 'string') {
        if (/^https?:/i.test(one)) answer.source(one)
        continue
      }
      const { url, link, title, name } = fieldsOf(fieldsOf(one).url_citation ?? one)
      answer.source(url ?? link, title ?? name)
    }
}
