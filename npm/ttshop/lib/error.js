'use strict'

// TikTokShopError is a refusal by the platform. It has what errors of axios
// have, so that code that reads error.response goes on.
class TikTokShopError extends Error {
  constructor(response, answer) {
    const code = answer.code === undefined ? '' : `code ${answer.code}, `
    super(`${answer.message || 'no message'} (${code}HTTP ${response.status}, request ${answer.request_id || 'without id'})`)
    this.name = 'TikTokShopError'
    this.code = answer.code
    this.requestId = answer.request_id
    this.response = { status: response.status, data: answer }
  }

  // read returns the envelope of an answer.
  static async read(response) {
    const text = await response.text()
    let answer
    try {
      answer = JSON.parse(text)
    } catch {
      // no JSON: a proxy or a gateway in between
    }
    if (typeof answer?.code !== 'number') {
      throw new TikTokShopError(response, { message: `the answer is not the platform's: ${text.slice(0, 80)}` })
    }
    return answer
  }
}

module.exports = { TikTokShopError }
