'use strict'

// split returns the escaped path and the raw query of a URL, which is absolute
// or begins with the path.
function split(url) {
  let [path, ...rest] = url.split('#', 1)[0].split('?')
  const scheme = path.indexOf('://')
  if (scheme >= 0 && !path.startsWith('/')) {
    const slash = path.indexOf('/', scheme + 3)
    path = slash < 0 ? '' : path.slice(slash)
  }
  return { path, query: rest.join('?') }
}

// parse decodes a raw query as the platform does: + is a space, and the first
// value of a repeated name counts.
function parse(query) {
  const pairs = new Map()
  for (const part of query.split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    const name = unescape(at < 0 ? part : part.slice(0, at), "a parameter's name")
    const value = unescape(at < 0 ? '' : part.slice(at + 1), `parameter ${JSON.stringify(name)}`)
    if (!pairs.has(name)) pairs.set(name, value)
  }
  return pairs
}

function unescape(text, where) {
  if (text.includes(';')) throw new Error(`${where} holds a bare semicolon, which servers read differently; write it as %3B`)
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new Error(`${where} holds a broken percent escape; a literal % is written %25`)
  }
}

// encode makes a query of names and values. What is undefined or null is left
// out.
function encode(values) {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

module.exports = { split, parse, encode }
