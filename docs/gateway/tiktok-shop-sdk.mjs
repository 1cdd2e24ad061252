// The npm package tiktok-shop-sdk has no setting for its host. Signatures do not cover
// the host, so its requests can be led to the gateway on their way out.
import { TikTokShopSDK } from 'tiktok-shop-sdk';

const send = globalThis.fetch;
globalThis.fetch = (address, init) =>
  send(String(address).replace('https://open-api.tiktokglobalshop.com', process.env.GATEWAY), init);

const sdk = new TikTokShopSDK({ appKey: process.env.APP_KEY, appSecret: process.env.APP_SECRET });
sdk.setAccessToken('gateway'); // the gateway has the token
sdk.setShopCipher(process.env.SHOP);

const { data } = await sdk.order.getOrderList({ query: { page_size: 2 }, body: { order_status: 'COMPLETED' } });
console.log(`${data.orders.length} orders`);
