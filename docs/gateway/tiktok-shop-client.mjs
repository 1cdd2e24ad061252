// The npm packages tiktok-shop and tiktok-shop-client sign an address and send nothing.
// They find the path behind the ".com" of the platform's host, so sign for that host
// and send to the gateway.
import client from 'tiktok-shop-client';

const platform = 'https://open-api.tiktokglobalshop.com';
const query = new URLSearchParams({
  app_key: process.env.APP_KEY,
  shop_cipher: process.env.SHOP,
  ids: process.env.ORDER,
  timestamp: String(Math.floor(Date.now() / 1000)),
});
const address = `${platform}/order/202309/orders?${query}`;
const { signature } = client.signByUrl(address, process.env.APP_SECRET);

const answer = await fetch(address.replace(platform, process.env.GATEWAY) + `&sign=${signature}`);
const { code, message, data } = await answer.json();
if (code !== 0) throw new Error(`${code}: ${message}`);
console.log(`${data.orders.length} orders`);
