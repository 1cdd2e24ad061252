'use strict'
const { createHmac, timingSafeEqual } = require('node:crypto')
const { split, parse } = require('./query')

const seconds = () => Math.floor(Date.now() / 1000)

// canonical returns the bytes that are signed.
function canonical(path, pairs, body, secret) {
  const names = [...pairs.keys()].filter((name) => name !== 'sign' && name !== 'access_token')
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const middle = names.map((name) => name + pairs.get(name)).join('')
  return Buffer.concat([Buffer.from(secret + path + middle), body, Buffer.from(secret)])
}

// signedBody returns the part of a body that the signature covers: none of a
// multipart form. An object is signed as JSON.stringify writes it.
function signedBody(body, contentType) {
  if (body === undefined || body === null) return Buffer.alloc(0)
  if (/^\s*multipart\/form-data\s*(;|$)/i.test(contentType ?? '')) return Buffer.alloc(0)
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body)
  return Buffer.from(JSON.stringify(body))
}

function digest(path, pairs, body, secret) {
  return createHmac('sha256', secret).update(canonical(path, pairs, body, secret)).digest('hex')
}

// timestampOf returns the timestamp among the parameters, and adds one where
// there is none.
function timestampOf(pairs, now) {
  const text = pairs.get('timestamp')
  if (text === undefined) {
    pairs.set('timestamp', String(now))
    return now
  }
  if (!/^[+-]?\d+$/.test(text)) {
    throw new Error(`parameter timestamp is ${JSON.stringify(text)}, want Unix seconds such as 1700000000`)
  }
  return Number(text)
}

function required(value, name) {
  if (!value) throw new Error(`${name} is required`)
}

function sign({ url, secret, body, contentType, now = seconds() }) {
  required(url, 'url')
  required(secret, 'secret')
  const { path, query } = split(url)
  const pairs = parse(query)
  const timestamp = timestampOf(pairs, now)
  return { signature: digest(path, pairs, signedBody(body, contentType), secret), timestamp }
}

function signedURL({ url, secret, body, contentType, now = seconds() }) {
  const { signature, timestamp } = sign({ url, secret, body, contentType, now })
  const [bare] = url.split('#', 1)
  const parts = split(bare).query.split('&').filter((part) => part !== '' && !part.startsWith('sign='))
  if (!parse(parts.join('&')).has('timestamp')) parts.push(`timestamp=${timestamp}`)
  parts.push(`sign=${signature}`)
  return `${bare.split('?', 1)[0]}?${parts.join('&')}`
}

function verify({ url, secret, body, contentType }) {
  required(url, 'url')
  required(secret, 'secret')
  const { path, query } = split(url)
  const pairs = parse(query)
  const given = pairs.get('sign')
  if (given === undefined) throw new Error('the URL has no parameter sign; pass it as it was sent, with &sign=…')
  return same(given, digest(path, pairs, signedBody(body, contentType), secret))
}

function signWebhook({ appKey, secret, body }) {
  required(appKey, 'appKey')
  required(secret, 'secret')
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    throw new Error('body must be the text or the bytes that were received: an object written anew has another signature')
  }
  return createHmac('sha256', secret).update(appKey).update(body).digest('hex')
}

function verifyWebhook({ appKey, secret, body, authorization }) {
  return same(authorization ?? '', signWebhook({ appKey, secret, body }))
}

function same(given, right) {
  const a = Buffer.from(given)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

module.exports = { sign, signedURL, verify, signWebhook, verifyWebhook, seconds, required }
