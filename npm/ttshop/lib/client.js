'use strict'
// The client of the package tiktok-shop-client: 22 methods.
const { createReadStream } = require('node:fs')
const { basename } = require('node:path')
const { TikTokShopError } = require('./error')
const { encode } = require('./query')
const { signedURL, required } = require('./sign')

const platform = 'https://open-api.tiktokglobalshop.com'
const locale = 'en-US'

class TikTok {
  #key
  #secret
  #token
  #endpoint
  #cipher

  constructor({ appKey, appSecret, accessToken, shopCipher, endpoint = platform }) {
    this.#key = appKey
    this.#secret = appSecret
    this.#token = accessToken
    this.#cipher = shopCipher
    this.#endpoint = endpoint.replace(/\/+$/, '')
  }

  setShop({ shopCipher }) {
    this.#cipher = shopCipher
  }

  getShops() {
    return this.#call('GET', '/authorization/202309/shops')
  }

  getSellerShops() {
    return this.#call('GET', '/seller/202309/shops')
  }

  getWarehouses() {
    return this.#callShop('GET', '/logistics/202309/warehouses')
  }

  getCategories() {
    return this.#callShop('GET', '/product/202309/categories', { locale })
  }

  async recommendCategory(product) {
    return this.#callShop('POST', '/product/202309/categories/recommend', {}, product)
  }

  getCategoryAttributes(id) {
    return this.#callShop('GET', `/product/202309/categories/${encodeURIComponent(id)}/attributes`, { locale })
  }

  getBrands(brandName, categoryId) {
    return this.#callShop('GET', '/product/202309/brands', {
      category_id: categoryId || undefined, brand_name: brandName || undefined, page_size: 100, is_authorized: true,
    })
  }

  addCustomBrands(brand) {
    return this.#call('POST', '/product/202309/brands', {}, brand)
  }

  // addImage takes a stream, such as fs.createReadStream makes, a Blob, bytes,
  // or the path of a file.
  async addImage(image) {
    const form = new FormData()
    form.set('data', await blob(image), typeof image?.path === 'string' ? basename(image.path) : 'image')
    return this.#call('POST', '/product/202309/images/upload', {}, form)
  }

  addProduct(product) {
    return this.#callShop('POST', '/product/202309/products', {}, product)
  }

  getProduct(id) {
    return this.#callShop('GET', this.#product(id))
  }

  updateProduct(id, product) {
    return this.#callShop('PUT', this.#product(id), {}, product)
  }

  partiallyEditProduct(id, product) {
    return this.#callShop('POST', `${this.#product(id)}/partial_edit`, {}, product)
  }

  updateProductPrices(id, prices) {
    return this.#callShop('POST', `${this.#product(id)}/prices/update`, {}, prices)
  }

  updateProductInventory(id, skus) {
    return this.#callShop('POST', `${this.#product(id)}/inventory/update`, {}, { skus })
  }

  searchInventory(filter = {}) {
    return this.#callShop('POST', '/product/202309/inventory/search', {}, filter)
  }

  activateProducts(ids) {
    return this.#callShop('POST', '/product/202309/products/activate', {}, { product_ids: ids })
  }

  deactivateProducts(ids) {
    return this.#callShop('POST', '/product/202309/products/deactivate', {}, { product_ids: ids })
  }

  deleteProducts(ids) {
    return this.#callShop('DELETE', '/product/202309/products', {}, { product_ids: ids })
  }

  recoverProducts(ids) {
    return this.#callShop('POST', '/product/202309/products/recover', {}, { product_ids: ids })
  }

  getOrders(filter, pageToken) {
    return this.#callShop('POST', '/order/202309/orders/search', { page_size: 100, page_token: pageToken || undefined }, filter)
  }

  #product(id) {
    return `/product/202309/products/${encodeURIComponent(id)}`
  }

  #callShop(method, path, query, body) {
    return this.#call(method, path, { ...query, shop_cipher: this.#cipher }, body)
  }

  async #call(method, path, query = {}, body) {
    const form = body instanceof FormData
    const sent = body === undefined || form ? body : JSON.stringify(body)
    const headers = { 'x-tts-access-token': this.#token }
    if (!form) headers['content-type'] = 'application/json'
    const url = signedURL({
      url: `${this.#endpoint}${path}?${encode({ app_key: this.#key, ...query })}`,
      secret: this.#secret,
      body: form ? undefined : sent,
    })
    // A redirect could carry the token to another host.
    const response = await fetch(url, { method, headers, body: sent, redirect: 'error' })
    const answer = await TikTokShopError.read(response)
    if (!response.ok) throw new TikTokShopError(response, answer)
    return answer
  }
}

async function blob(image) {
  if (image instanceof Blob) return image
  if (image instanceof Uint8Array) return new Blob([image])
  const chunks = []
  for await (const chunk of typeof image === 'string' ? createReadStream(image) : image) chunks.push(chunk)
  return new Blob(chunks)
}

function TikTokClient(config) {
  for (const name of ['appKey', 'accessToken', 'appSecret']) required(config?.[name], name)
  return new TikTok(config)
}

module.exports = { TikTokClient }
