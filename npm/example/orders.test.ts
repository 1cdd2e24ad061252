// Tests of a program against a sandbox of its own. Copy this file to begin.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TikTokShopSDK } from 'tiktok-shop-sdk'
import { type Sandbox, signedURL, startSandbox, TikTokClient } from 'ttshop'

let sandbox: Sandbox
let cipher: string
const platform = globalThis.fetch

beforeAll(async () => {
  sandbox = await startSandbox()
  cipher = sandbox.shops.find((shop) => shop.region === 'GB')!.cipher
})

afterAll(async () => {
  globalThis.fetch = platform
  await sandbox.close()
})

// Any HTTP client: sign the URL, send the token in a header.
test('plain fetch', async () => {
  const body = JSON.stringify({ order_status: 'AWAITING_SHIPMENT' })
  const query = new URLSearchParams({ app_key: sandbox.appKey, shop_cipher: cipher, page_size: '10' })
  const url = signedURL({ url: `${sandbox.url}/order/202309/orders/search?${query}`, secret: sandbox.appSecret, body })
  const response = await fetch(url, {
    method: 'POST', body, headers: { 'content-type': 'application/json', 'x-tts-access-token': sandbox.accessToken },
  })
  const answer = await response.json() as { code: number, data: { orders: { status: string }[] } }
  expect(answer.code).toBe(0)
  expect(answer.data.orders.map((order) => order.status)).toContain('AWAITING_SHIPMENT')
})

// The client of this package takes the sandbox as its endpoint.
test('TikTokClient', async () => {
  const client = TikTokClient({ ...sandbox, shopCipher: cipher, endpoint: sandbox.url })
  const { data } = await client.getOrders({ order_status: 'COMPLETED' })
  expect(data.orders.length).toBeGreaterThan(0)
})

// A client whose host is fixed: what it fetches goes to the sandbox.
test('tiktok-shop-sdk', async () => {
  globalThis.fetch = sandbox.fetch
  const sdk = new TikTokShopSDK({ appKey: sandbox.appKey, appSecret: sandbox.appSecret })
  sdk.setAccessToken(sandbox.accessToken)
  sdk.setShopCipher(cipher)
  const { data } = await sdk.order.getOrderList({ query: { page_size: 10 }, body: {} })
  expect(data?.orders?.length).toBe(10)
})
