import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sign, signedURL, signByUrl, signature, signWebhook, verify, verifyWebhook } from 'ttshop'

// The same files hold the Go package to the same bytes.
const data = new URL('../../../sign/testdata/', import.meta.url)
const read = (name) => JSON.parse(readFileSync(new URL(name, data), 'utf8'))

test('published vectors', () => {
  // A URL without a timestamp gets one, so vectors without one say nothing here.
  const vectors = read('signing.json').filter((v) => v.query.timestamp)
  for (const v of vectors) {
    const url = `https://host${v.path}?${new URLSearchParams(v.query)}`
    assert.equal(sign({ url, secret: v.secret, body: v.body, contentType: v.content_type, now: 0 }).signature, v.sign, v.id)
  }
  assert.ok(vectors.length > 10)
})

test('webhooks', () => {
  const vectors = read('webhook.json')
  for (const v of vectors) {
    const delivery = { appKey: v.app_key, secret: v.secret, body: v.body }
    assert.equal(signWebhook(delivery), v.authorization, v.id)
    assert.equal(verifyWebhook({ ...delivery, authorization: v.authorization }), true)
    assert.equal(verifyWebhook({ ...delivery, authorization: v.authorization.toUpperCase() }), false)
    assert.equal(verifyWebhook({ ...delivery, authorization: undefined }), false)
  }
  assert.throws(() => verifyWebhook({ appKey: 'k', secret: 's', body: { a: 1 }, authorization: 'x' }), /as|text or the bytes/)
})

test('a signed URL is verified, a changed one is not', () => {
  const url = signedURL({ url: 'http://127.0.0.1:1/a/b?ids=1%2C2&q=a+b&sign=old&x=%E1%BA%A3#f', secret: 's', body: { a: 1 } })
  assert.equal(verify({ url, secret: 's', body: '{"a":1}' }), true)
  assert.equal(verify({ url, secret: 's', body: '{"a":2}' }), false)
  assert.equal(verify({ url: url.replace('q=a+b', 'q=a+c'), secret: 's', body: '{"a":1}' }), false)
  assert.match(url, /&timestamp=\d+&sign=[0-9a-f]{64}$/)
})

test('what cannot be read is named', () => {
  assert.throws(() => sign({ url: '/p?a=%zz', secret: 's' }), /parameter "a" holds a broken percent escape/)
  assert.throws(() => sign({ url: '/p?a=1;b=2', secret: 's' }), /bare semicolon/)
  assert.throws(() => sign({ url: '/p?timestamp=soon', secret: 's' }), /timestamp is "soon"/)
  assert.throws(() => verify({ url: '/p?a=1', secret: 's' }), /no parameter sign/)
  assert.throws(() => signByUrl('', 's'), /^Error: url is required$/)
  assert.throws(() => signByUrl('/p'), /^Error: appSecret is required$/)
  assert.throws(() => signature({}, '/p'), /config must have app_key,app_secret/)
  assert.throws(() => signature({ app_key: 'k', app_secret: 's' }), /path is required/)
})

test('the calls that the documentation of the older packages shows', () => {
  const url = 'https://open-api.tiktokglobalshop.com/order/202309/orders?access_token=ROW_CBxxx&app_key=6a6xxx&ids=5779xxx&shop_cipher=ROW_Y-vWxxx&shop_id=&timestamp=1697708762&version=202309'
  const signed = signByUrl(url, '4ebxxx')
  assert.deepEqual(Object.keys(signed), ['signature', 'timestamp'])
  assert.equal(signed.timestamp, 1697708762)
  assert.equal(verify({ url: `${url}&sign=${signed.signature}`, secret: '4ebxxx' }), true)

  const config = { app_key: 'yourAppKey', app_secret: 'yourAppSecret', shop_id: 'yourShopId', shop_cipher: 'yourShopCipher', version: '202306' }
  const made = signature(config, '/api/orders/search')
  const query = `app_key=yourAppKey&shop_id=yourShopId&shop_cipher=yourShopCipher&version=202306&timestamp=${made.timestamp}`
  assert.deepEqual(made, sign({ url: `/api/orders/search?${query}`, secret: 'yourAppSecret' }))
  assert.deepEqual(signature({ appKey: 'k', appSecret: 's', timestamp: 1 }, '/p'), sign({ url: '/p?app_key=k&timestamp=1&version=202212', secret: 's' }))
})

// Where the packages sign as the platform does, so do the functions of the same
// names. Where they do not, the README lists the fault.
const mended = new Set([
  'padding', 'plus as space', 'escaped ampersand', 'parameter token', 'capital key', 'underscore key', 'other host',
  'empty body', 'spaced body', 'full URL',
])

test('as tiktok-shop and tiktok-shop-client', () => {
  let equal = 0
  for (const row of read('javascript.json')) {
    const got = row.call === 'signByUrl'
      ? signByUrl(row.url, 's3cr3t', row.body || undefined)
      : signature({ ...row.config, app_secret: 's3cr3t' }, row.path)
    // tiktok-shop-client signs {} and its own secret beside a config.
    const differs = mended.has(row.name) || row.package === 'tiktok-shop-client' && row.call === 'signature'
    assert.equal(got.signature !== row.signature, differs, `${row.package} ${row.call} ${row.name}`)
    if (!differs) equal++
  }
  assert.ok(equal > 10, `${equal} are equal`)
})
