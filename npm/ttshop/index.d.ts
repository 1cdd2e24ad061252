import type { ReadStream } from 'node:fs'

/** A shop of a sandbox. */
export interface SandboxShop {
  id: string
  /** The value of shop_cipher. */
  cipher: string
  name: string
  /** Such as `GB`. */
  region: string
  code: string
  seller_type: string
}

/** A running sandbox: its address and credentials that are valid for it only. */
export interface Sandbox {
  /** The address of API and authorization host, such as `http://127.0.0.1:41234`. */
  url: string
  appKey: string
  appSecret: string
  accessToken: string
  refreshToken: string
  /** An unused code, for one exchange. */
  authCode: string
  serviceId: string
  categoryAssetCipher: string
  shops: SandboxShop[]
  /**
   * As the global fetch, but what is for the platform's hosts goes to the sandbox.
   * `globalThis.fetch = sandbox.fetch` redirects a client whose host is fixed.
   */
  fetch: typeof globalThis.fetch
  /** Ends the sandbox. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface SandboxOptions {
  /** HOST:PORT; by default a free port of 127.0.0.1. */
  listen?: string
  /** The number from which all data is made. */
  seed?: number
  /** Further flags of `ttshop sandbox`, such as `['--throttle', '0']`. */
  args?: string[]
}

/**
 * Starts `ttshop sandbox` as a process that ends with this one. It rejects with
 * what the command says where it cannot start.
 */
export function startSandbox(options?: SandboxOptions): Promise<Sandbox>

/** What a signature covers. */
export interface SignInput {
  /** The URL, absolute or from the path on. */
  url: string
  /** The app secret. */
  secret: string
  /** The exact body; an object is signed as JSON.stringify writes it. */
  body?: string | Uint8Array | object
  /** The body of multipart/form-data is not signed. */
  contentType?: string
  /** Unix seconds for a URL without a timestamp; by default the present. */
  now?: number
}

export interface Signature {
  /** 64 lower-case hex characters, the value of the parameter sign. */
  signature: string
  /** The Unix second that was signed. */
  timestamp: number
}

/** Signs a request. It throws where the URL cannot be read. */
export function sign(input: SignInput): Signature
/** Returns the URL with timestamp and sign, ready to be sent. */
export function signedURL(input: SignInput): string
/** Reports whether the parameter sign of a URL is right. It throws where there is none. */
export function verify(input: Omit<SignInput, 'now'>): boolean

/** A delivery of a webhook: the body as it was received, never parsed and written anew. */
export interface WebhookInput {
  appKey: string
  secret: string
  body: string | Uint8Array
}
/** Returns the Authorization header of a delivery. */
export function signWebhook(input: WebhookInput): string
/** Reports whether the Authorization header of a delivery is right. */
export function verifyWebhook(input: WebhookInput & { authorization: string | undefined }): boolean

/** A refusal by the platform. */
export class TikTokShopError extends Error {
  /** The platform's code; undefined where the answer was not the platform's. */
  code: number | undefined
  requestId: string | undefined
  response: { status: number; data: Answer }
}

/** The envelope of every answer. Code 0 is success. */
export interface Answer<T = any> {
  code: number
  message: string
  request_id: string
  data: T
}

/** Credentials in either spelling, and what is signed beside them. */
export interface SignatureConfig {
  app_key?: string
  app_secret?: string
  appKey?: string
  appSecret?: string
  shop_id?: string
  shop_cipher?: string
  /** 202212 by default. */
  version?: string
  /** Unix seconds; by default the present. */
  timestamp?: number
  [parameter: string]: string | number | undefined
}

export interface TokenConfig {
  app_key?: string
  app_secret?: string
  appKey?: string
  appSecret?: string
  /** Another authorization host, such as the address of a sandbox. */
  authEndpoint?: string
}

export interface Token {
  access_token: string
  /** The Unix second at which it ends, whatever the name says. */
  access_token_expire_in: number
  refresh_token: string
  refresh_token_expire_in: number
  open_id: string
  seller_name: string
  seller_base_region: string
  user_type: number
  [field: string]: unknown
}

export function signByUrl(url: string, appSecret: string, body?: string | Uint8Array | object): Signature
export function signature(config: SignatureConfig, path: string): Signature
/** Rejects with a TikTokShopError where the code is refused. */
export function authCodeToken(config: TokenConfig, authCode: string): Promise<Token>
/** Rejects with a TikTokShopError where the token is refused. Keep the refresh token that comes back. */
export function generateToken(config: TokenConfig, refreshToken: string): Promise<Token>

export interface ClientConfig {
  appKey: string
  appSecret: string
  accessToken: string
  shopCipher?: string
  /** Taken for compatibility; the platform goes by the cipher. */
  shopId?: string
  /** Another host, such as the address of a sandbox. */
  endpoint?: string
}

/** Methods resolve with the envelope and reject where the HTTP status is no success. */
export interface TikTok {
  setShop(shop: { shopCipher: string; shopId?: string }): void
  getShops(): Promise<Answer>
  getSellerShops(): Promise<Answer>
  getWarehouses(): Promise<Answer>
  getCategories(): Promise<Answer>
  recommendCategory(product: { product_title: string; description?: string }): Promise<Answer>
  getCategoryAttributes(id: string): Promise<Answer>
  /** Asks for authorized brands only. */
  getBrands(brandName?: string, categoryId?: string): Promise<Answer>
  addCustomBrands(brand: { name: string }): Promise<Answer>
  addImage(image: ReadStream | Blob | Uint8Array | string): Promise<Answer>
  addProduct(product: object): Promise<Answer>
  getProduct(id: string): Promise<Answer>
  updateProduct(id: string, product: object): Promise<Answer>
  partiallyEditProduct(id: string, product: object): Promise<Answer>
  updateProductPrices(id: string, prices: { skus: object[] }): Promise<Answer>
  updateProductInventory(id: string, skus: { id: string; inventory: { quantity: number; warehouse_id?: string }[] }[]): Promise<Answer>
  searchInventory(filter?: object): Promise<Answer>
  activateProducts(ids: string[]): Promise<Answer>
  deactivateProducts(ids: string[]): Promise<Answer>
  deleteProducts(ids: string[]): Promise<Answer>
  recoverProducts(ids: string[]): Promise<Answer>
  /** One page of 100. */
  getOrders(filter?: { order_status?: string; [field: string]: unknown }, pageToken?: string): Promise<Answer>
}

export function TikTokClient(config: ClientConfig): TikTok
