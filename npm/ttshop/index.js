'use strict'
const { startSandbox } = require('./lib/sandbox')
const { sign, signedURL, verify, signWebhook, verifyWebhook } = require('./lib/sign')
const { signByUrl, signature, authCodeToken, generateToken } = require('./lib/seed')
const { TikTokClient } = require('./lib/client')
const { TikTokShopError } = require('./lib/error')

module.exports = {
  startSandbox, sign, signedURL, verify, signWebhook, verifyWebhook,
  signByUrl, signature, authCodeToken, generateToken, TikTokClient, TikTokShopError,
}
