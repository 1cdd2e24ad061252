'use strict'
// The functions of the packages tiktok-shop and tiktok-shop-client.
const { TikTokShopError } = require('./error')
const { encode, parse, split } = require('./query')
const { sign, seconds, required } = require('./sign')

const defaultVersion = '202212'
const authorizationHost = 'https://auth.tiktok-shops.com'

function signByUrl(url = '', appSecret = '', body) {
  required(url, 'url')
  required(appSecret, 'appSecret')
  return sign({ url, secret: appSecret, body })
}

// signature signs a request without a body. A parameter of the config wins over
// one of the same name in the path.
function signature(config, path) {
  const { key, secret, ...rest } = credentials(config)
  required(path, 'path')
  const { path: bare, query } = split(path)
  const all = { ...Object.fromEntries(parse(query)), app_key: key, ...rest }
  all.version ??= defaultVersion
  all.timestamp ??= seconds()
  return sign({ url: `${bare}?${encode(all)}`, secret })
}

// credentials takes both spellings: app_key and appKey.
function credentials(config = {}) {
  const { app_key, appKey, app_secret, appSecret, shopId, shopCipher, endpoint, authEndpoint, ...rest } = config
  const key = app_key || appKey
  const secret = app_secret || appSecret
  const missing = [key ? '' : 'app_key', secret ? '' : 'app_secret'].filter(Boolean)
  if (missing.length > 0) throw new Error(`config must have ${missing}`)
  if (shopId !== undefined) rest.shop_id ??= shopId
  if (shopCipher !== undefined) rest.shop_cipher ??= shopCipher
  return { key, secret, ...rest }
}

async function authCodeToken(config, authCode) {
  credentials(config)
  required(authCode, 'authCode')
  return token(config, '/api/v2/token/get', { auth_code: authCode, grant_type: 'authorized_code' })
}

async function generateToken(config, refreshToken) {
  credentials(config)
  required(refreshToken, 'refreshToken')
  return token(config, '/api/v2/token/refresh', { refresh_token: refreshToken, grant_type: 'refresh_token' })
}

async function token(config, path, query) {
  const { key, secret } = credentials(config)
  const host = config.authEndpoint ?? authorizationHost
  const response = await fetch(`${host}${path}?${encode({ app_key: key, app_secret: secret, ...query })}`)
  const answer = await TikTokShopError.read(response)
  if (answer.code !== 0) throw new TikTokShopError(response, answer)
  return answer.data
}

module.exports = { signByUrl, signature, authCodeToken, generateToken }
