// Lists orders that wait for shipment, signed with nothing but Node's own modules.
import { createHmac } from 'node:crypto'

const env = (name) => process.env[name] ?? (() => { throw new Error(`${name} is not set`) })()

// The signature covers the path, the query in the order of its names, and the body,
// between two copies of the app secret.
function sign(secret, path, query, body) {
  const parameters = Object.keys(query).sort().map((name) => name + query[name]).join('')
  return createHmac('sha256', secret).update(secret + path + parameters + body + secret).digest('hex')
}

async function call(method, path, parameters, content) {
  const body = content === undefined ? '' : JSON.stringify(content)
  const query = { ...parameters, app_key: env('TTSHOP_APP_KEY'), timestamp: String(Math.floor(Date.now() / 1000)) }
  query.sign = sign(env('TTSHOP_APP_SECRET'), path, query, body)
  const response = await fetch(env('TTSHOP_ENDPOINT') + path + '?' + new URLSearchParams(query), {
    method,
    headers: { 'content-type': 'application/json', 'x-tts-access-token': env('TTSHOP_ACCESS_TOKEN') },
    body: body || undefined,
  })
  const answer = await response.json()
  if (answer.code !== 0) throw new Error(`${path}: ${answer.code} ${answer.message} (request ${answer.request_id})`)
  return answer.data
}

const found = await call('POST', '/order/202309/orders/search',
  { shop_cipher: env('TTSHOP_SHOP_CIPHER'), page_size: '20' }, { order_status: 'AWAITING_SHIPMENT' })
for (const order of found.orders) console.log(order.id, order.payment.total_amount, order.payment.currency)
