import ttshop from './index.js'

export const {
  startSandbox, sign, signedURL, verify, signWebhook, verifyWebhook,
  signByUrl, signature, authCodeToken, generateToken, TikTokClient, TikTokShopError,
} = ttshop
export default ttshop
