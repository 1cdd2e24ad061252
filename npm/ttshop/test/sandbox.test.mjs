import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as zlib from 'node:zlib'
import { authCodeToken, generateToken, signedURL, startSandbox, TikTokClient, TikTokShopError } from 'ttshop'

let sandbox
let client
let shop
before(async () => {
  sandbox = await startSandbox({ seed: 1 })
  shop = sandbox.shops.find((s) => s.region === 'GB')
  client = TikTokClient({ ...sandbox, shopCipher: shop.cipher, shopId: shop.id, endpoint: sandbox.url })
})
after(() => sandbox.close())

const ok = (answer) => {
  assert.equal(answer.code, 0, answer.message)
  return answer.data
}

test('plain fetch lists orders', async () => {
  const body = '{}'
  const url = signedURL({
    url: `${sandbox.url}/order/202309/orders/search?app_key=${sandbox.appKey}&shop_cipher=${encodeURIComponent(shop.cipher)}&page_size=5`,
    secret: sandbox.appSecret,
    body,
  })
  const response = await fetch(url, {
    method: 'POST', body, headers: { 'content-type': 'application/json', 'x-tts-access-token': sandbox.accessToken },
  })
  assert.equal(ok(await response.json()).orders.length, 5)
})

test('tokens', async () => {
  const config = { app_key: sandbox.appKey, app_secret: sandbox.appSecret, authEndpoint: sandbox.url }
  const token = await authCodeToken(config, sandbox.authCode)
  assert.ok(token.access_token && token.refresh_token && token.open_id)
  const next = await generateToken({ appKey: sandbox.appKey, appSecret: sandbox.appSecret, authEndpoint: sandbox.url }, token.refresh_token)
  assert.ok(next.access_token)
  await assert.rejects(authCodeToken(config, 'spent'), (e) => e instanceof TikTokShopError && e.code !== 0 && e.response.status !== 0 && !e.message.includes(sandbox.appSecret))
})

test('shops, warehouses, categories and brands', async () => {
  assert.ok(ok(await client.getShops()).shops.some((s) => s.cipher === shop.cipher))
  assert.ok(ok(await client.getSellerShops()).shops.length > 0)
  assert.ok(ok(await client.getWarehouses()).warehouses.length > 0)
  const { categories } = ok(await client.getCategories())
  const leaf = categories.find((c) => c.is_leaf)
  assert.ok(ok(await client.getCategoryAttributes(leaf.id)).attributes)
  ok(await client.recommendCategory({ product_title: 'Enamel mug', description: 'For hot drinks.' }))
  ok(await client.getBrands('a & b', leaf.id))
  ok(await client.addCustomBrands({ name: 'Harbour & Pine' }))
})

test('a product from image to deletion', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'ttshop-'))
  try {
    const file = join(dir, 'mug.png')
    await writeFile(file, png(640, 640))
    const { uri } = ok(await client.addImage(createReadStream(file)))
    assert.ok(ok(await client.addImage(file)).uri)

    const { categories } = ok(await client.getCategories())
    const { warehouses } = ok(await client.getWarehouses())
    const category = categories.find((c) => c.is_leaf && c.permission_statuses?.includes('AVAILABLE')) ?? categories.find((c) => c.is_leaf)
    const warehouse = warehouses.find((w) => w.type === 'SALES_WAREHOUSE').id
    const mug = {
      title: 'Enamel mug with a walnut lid, 400 ml', description: '<p>Holds heat, survives falls.</p>', category_id: category.id,
      main_images: [{ uri }], package_weight: { value: '0.4', unit: 'KILOGRAM' },
      skus: [{ seller_sku: 'MUG-400', price: { amount: '14.90', currency: 'GBP' }, inventory: [{ warehouse_id: warehouse, quantity: 25 }] }],
    }
    const { product_id: id } = ok(await client.addProduct(mug))
    ok(await client.updateProduct(id, { ...mug, title: 'Enamel mug with a beech lid, 400 ml' }))
    ok(await client.partiallyEditProduct(id, { title: 'Enamel mug with an oak lid, 400 ml' }))
    const [{ id: sku }] = ok(await client.getProduct(id)).skus
    ok(await client.updateProductPrices(id, { skus: [{ id: sku, price: { amount: '13.90', currency: 'GBP' } }] }))
    ok(await client.updateProductInventory(id, [{ id: sku, inventory: [{ warehouse_id: warehouse, quantity: 7 }] }]))
    const product = ok(await client.getProduct(id))
    assert.equal(product.title, 'Enamel mug with an oak lid, 400 ml')
    const { inventory } = ok(await client.searchInventory({ product_ids: [id] }))
    assert.equal(inventory[0].skus[0].total_available_quantity, 7)
    for (const step of ['activateProducts', 'deactivateProducts', 'deleteProducts', 'recoverProducts']) {
      assert.equal((await client[step]([id])).code, 0, step)
    }
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('orders, page by page', async () => {
  const { orders, next_page_token: next } = ok(await client.getOrders({ order_status: 'COMPLETED' }))
  assert.ok(orders.length > 0)
  if (next) ok(await client.getOrders({ order_status: 'COMPLETED' }, next))
  client.setShop({ shopCipher: sandbox.shops.find((s) => s.region === 'US').cipher, shopId: '' })
  const [first] = ok(await client.getOrders({})).orders
  assert.equal(first.payment.currency, 'USD')
  client.setShop({ shopCipher: shop.cipher })
})

test('a refusal rejects and shows no secret', async () => {
  const wrong = TikTokClient({ ...sandbox, appSecret: 'planted-secret', endpoint: sandbox.url })
  await assert.rejects(wrong.getShops(), (e) => {
    assert.ok(e instanceof TikTokShopError)
    assert.equal(e.response.data.code, e.code)
    assert.ok(!`${e.stack}${JSON.stringify(e)}`.includes('planted-secret'))
    return true
  })
  assert.throws(() => TikTokClient({ appKey: 'k', accessToken: 't' }), /appSecret is required/)
})

test('a sandbox that cannot start says why', async () => {
  await assert.rejects(startSandbox({ args: ['--throttle', 'many'] }), /throttle/)
})

// png makes a grey picture.
function png(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length)
    frame.writeUInt32BE(checksum(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head[8] = 8
  const rows = zlib.deflateSync(Buffer.alloc((width + 1) * height, 0x80).map((byte, i) => i % (width + 1) === 0 ? 0 : byte))
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

function checksum(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes)
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum >>> 1 ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}
