// Records what the npm packages tiktok-shop 2.0.0 and tiktok-shop-client 1.0.23
// answer, so that the Go tests can compare without Node. In a folder where both
// are installed:
//
//	node javascript.mjs > javascript.json
import { createRequire } from 'node:module'

const require = createRequire(process.cwd() + '/')
const shop = new (require('tiktok-shop').TikTokShop)({ appKey: 'k', appSecret: 's3cr3t' })
const client = require('tiktok-shop-client')

const host = 'https://open-api.tiktokglobalshop.com'
const fixed = '?app_key=k&timestamp=1700000000'
const urls = [
	['plain', host + '/order/202309/orders' + fixed],
	['empty value', host + '/order/202309/orders' + fixed + '&shop_id=&shop_cipher=ROW_a'],
	['one id', host + '/order/202309/orders' + fixed + '&ids=1'],
	['two ids', host + '/order/202309/orders' + fixed + '&ids=1%2C2'],
	['escaped plus', host + '/order/202309/orders' + fixed + '&page_token=a%2Bb'],
	['utf-8', host + '/order/202309/orders' + fixed + '&title=%E1%BA%A3nh'],
	['sign and token', host + '/order/202309/orders' + fixed + '&sign=x&access_token=y'],
	['padding', host + '/order/202309/orders' + fixed + '&page_token=aGk%3D%3D'],
	['plus as space', host + '/order/202309/orders' + fixed + '&title=a+b'],
	['escaped ampersand', host + '/order/202309/orders' + fixed + '&title=a%26b'],
	['parameter token', host + '/order/202309/orders' + fixed + '&token=zz'],
	['capital key', host + '/order/202309/orders' + fixed + '&B=1&a=2'],
	['underscore key', host + '/order/202309/orders' + fixed + '&a1=1&a_=2'],
	['other host', 'http://127.0.0.1:9000/order/202309/orders' + fixed],
]
const bodies = [
	['body', { order_status: 'UNPAID' }],
	['empty body', {}],
]
const paths = [
	['path', '/api/orders/search', { app_key: 'k', timestamp: '1700000000' }],
	['path with query', '/api/orders/search?page_size=10', { app_key: 'k', timestamp: '1700000000' }],
	['shop and version', '/order/202309/orders', { app_key: 'k', timestamp: '1700000000', shop_id: '7', shop_cipher: 'ROW_a', version: '202309' }],
	['full URL', host + '/order/202309/orders', { app_key: 'k', timestamp: '1700000000' }],
]

function attempt(f) {
	try { return f().signature } catch (e) { return 'error: ' + e.message }
}
const rows = []
for (const [name, url] of urls) {
	rows.push({ package: 'tiktok-shop', call: 'signByUrl', name, url, signature: attempt(() => shop.signByUrl(url)) })
	rows.push({ package: 'tiktok-shop-client', call: 'signByUrl', name, url, signature: attempt(() => client.signByUrl(url, 's3cr3t')) })
}
for (const [name, body] of bodies) {
	const url = host + '/order/202309/orders/search' + fixed
	rows.push({ package: 'tiktok-shop', call: 'signByUrl', name, url, body: JSON.stringify(body), signature: attempt(() => shop.signByUrl(url, body)) })
}
rows.push({
	package: 'tiktok-shop', call: 'signByUrl', name: 'spaced body', url: host + '/order/202309/orders/search' + fixed, body: '{"order_status": "UNPAID"}',
	signature: attempt(() => shop.signByUrl(host + '/order/202309/orders/search' + fixed, '{"order_status": "UNPAID"}')),
})
for (const [name, path, config] of paths) {
	rows.push({ package: 'tiktok-shop', call: 'signature', name, path, config, signature: attempt(() => require('tiktok-shop').signature({ ...config, app_secret: 's3cr3t' }, path)) })
	rows.push({ package: 'tiktok-shop-client', call: 'signature', name, path, config, signature: attempt(() => client.signature({ ...config, appKey: 'k', appSecret: 's3cr3t', app_secret: 's3cr3t' }, path)) })
}
console.log(JSON.stringify(rows, null, 1))
