// Twenty tasks that assistants are given, with the client for Node over both
// transports against the sandbox, and the tokens that they cost.
//
// Then a question in SQL, of a copy of a sandbox that both servers were given.
//
//   node tasks.mjs PATH-OF-TTSHOP ADDRESS-OF-A-SERVER PLACE-OF-A-COPY
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { encode } from 'gpt-tokenizer'

const [binary, address, copy] = process.argv.slice(2)
const approvals = join(dirname(process.env.TTSHOP_CONFIG), 'mcp-approvals')
const limits = { list: 4000, answer: 2000, shipToday: 6000 }
const tokens = (value) => encode(typeof value === 'string' ? value : JSON.stringify(value)).length

// person approves or refuses what waits, as "ttshop mcp approve" does.
async function person(approved) {
  let decided = 0
  for (const name of await readdir(approvals)) {
    if (!name.endsWith('.waiting')) continue
    const waiting = JSON.parse(await readFile(join(approvals, name)))
    const file = join(approvals, name.replace('.waiting', '.decided'))
    try {
      await writeFile(file, JSON.stringify({ hash: waiting.hash, approved }), { flag: 'wx' })
      decided++
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
  assert.equal(decided, 1, 'one write waits')
}

class Assistant {
  constructor(client) {
    this.client = client
    this.spent = 0
  }

  // use calls a tool and returns what it answered.
  async use(tool, args = {}) {
    const result = await this.client.callTool({ name: tool, arguments: args })
    const shown = JSON.stringify(result.structuredContent) + result.content.map((c) => c.text ?? '').join('')
    const cost = tokens(shown)
    assert.ok(cost <= limits.answer, `${tool} ${JSON.stringify(args)} answers with ${cost} tokens`)
    this.spent += cost + tokens({ tool, args })
    assert.equal(result.structuredContent.sandbox, true, 'the answer says that this is a sandbox')
    return { ...result.structuredContent, failed: result.isError === true }
  }

  // write plans a write and has it decided.
  async write(operation, shop, params, approved = true) {
    const plan = await this.use('plan_write', { operation, shop, params })
    assert.ok(!plan.failed, JSON.stringify(plan))
    assert.equal(plan.approval, 'person')
    const waiting = await this.use('apply_write', { plan: plan.plan })
    assert.equal(waiting.status, 'waiting', JSON.stringify(waiting))
    await person(approved)
    return this.use('apply_write', { plan: plan.plan })
  }
}

const GB = (shops) => shops.find((s) => s.region === 'GB').id

const tasks = {
  'orders to ship today': async (a, shop) => {
    let page = await a.use('find_orders', { shop, due: 'today' })
    assert.ok(page.orders.length > 3 && page.total_count >= page.orders.length)
    assert.ok(page.orders.every((o, i, all) => i === 0 || all[i - 1].ship_by <= o.ship_by), 'the most urgent first')
  },
  'all orders that are overdue': async (a, shop) => {
    const seen = new Set()
    let page = await a.use('find_orders', { shop, due: 'overdue', limit: 5 })
    for (;;) {
      for (const o of page.orders) seen.add(o.id)
      if (!page.next_cursor) break
      page = await a.use('find_orders', { cursor: page.next_cursor })
    }
    assert.equal(seen.size, page.total_count)
  },
  'which shops there are': async (a) => assert.ok((await a.use('list_shops')).shops.length >= 4),
  'what is in the newest order': async (a, shop) => {
    const { orders } = await a.use('find_orders', { shop, limit: 1 })
    const { order } = await a.use('get_order', { shop, order_id: orders[0].id })
    assert.ok(order.items.length > 0 && order.payment.total_amount)
  },
  'what is nearly sold out': async (a, shop) => assert.ok((await a.use('low_stock', { shop, at_most: 30 })).skus.length > 0),
  'returns that wait': async (a, shop) => assert.ok(Array.isArray((await a.use('find_returns', { shop, open: true })).return_orders)),
  'the settlements of a month': async (a, shop) => assert.ok((await a.use('settlement_summary', { shop, days: 30 })).totals.GBP.settlement),
  'what a settlement is made of': async (a, shop) => {
    const { statements } = await a.use('settlement_summary', { shop, days: 30 })
    const { operations } = await a.use('search_operations', { question: 'What is in this statement?' })
    assert.ok(operations.slice(0, 3).some((o) => o.operation === 'finance.GetTransactionsByStatement'))
    const answer = await a.use('call_operation', { operation: 'finance.GetTransactionsByStatement', shop, params: { statement_id: statements[0].id, sort_field: 'order_create_time' } })
    assert.ok(!answer.failed, JSON.stringify(answer))
  },
  'how the week went': async (a, shop) => assert.equal((await a.use('shop_performance', { shop, days: 7 })).per_day.length, 7),
  'what an error means': async (a) => assert.equal((await a.use('explain_error', { error: '36009002' })).codes[0].retry, 'backoff'),
  'products that are not live': async (a, shop) => assert.ok((await a.use('find_products', { shop, status: 'PLATFORM_DEACTIVATED' })).products.length > 0),
  'one product in a few fields': async (a, shop) => {
    const { products } = await a.use('find_products', { shop, status: 'ACTIVATE', limit: 1 })
    const { data } = await a.use('call_operation', { operation: 'product.GetProduct', shop, params: { product_id: products[0].id }, fields: ['title', 'skus.price'] })
    assert.deepEqual(Object.keys(data).sort(), ['skus', 'title'])
  },
  'an operation nobody knows by name': async (a) => {
    const { operations } = await a.use('search_operations', { question: 'Which reasons can I give for refusing a return?' })
    const first = operations.find((o) => o.operation === 'return_refund.GetRejectReasons')
    assert.ok(first)
    assert.ok((await a.use('describe_operation', { operation: first.operation })).params)
  },
  'the label of a package': async (a, shop) => {
    const { packages } = await a.use('call_operation', { operation: 'fulfillment.SearchPackage', shop, params: { package_status: 'FULFILLING' }, limit: 1, fields: ['id', 'status'] })
    assert.ok(packages[0].id)
  },
  'where the warehouses are': async (a, shop) => assert.ok((await a.use('call_operation', { operation: 'logistics.GetWarehouseList', shop })).data.warehouses.length > 0),
  'set a stock': async (a, shop) => {
    const { products } = await a.use('find_products', { shop, status: 'ACTIVATE', limit: 1 })
    const { data } = await a.use('call_operation', { operation: 'product.InventorySearch', shop, params: { product_ids: [products[0].id] } })
    const sku = data.inventory[0].skus[0]
    const skus = [{ id: sku.id, inventory: [{ warehouse_id: sku.warehouse_inventory[0].warehouse_id, quantity: 77 }] }]
    assert.equal((await a.write('product.UpdateInventory', shop, { product_id: products[0].id, skus })).status, 'sent')
    const after = await a.use('call_operation', { operation: 'product.InventorySearch', shop, params: { sku_ids: [sku.id] } })
    assert.match(JSON.stringify(after), /:77\b/)
  },
  'a write that the person refuses': async (a, shop) => {
    const { products } = await a.use('find_products', { shop, status: 'ACTIVATE', limit: 1 })
    const answer = await a.write('product.DeactivateProducts', shop, { product_ids: [products[0].id] }, false)
    assert.equal(answer.error.class, 'refused')
    assert.equal((await a.use('find_products', { shop, status: 'ACTIVATE', limit: 1 })).products[0].id, products[0].id)
  },
  'take a product off sale': async (a, shop) => {
    const { products } = await a.use('find_products', { shop, status: 'ACTIVATE', limit: 1 })
    assert.equal((await a.write('product.DeactivateProducts', shop, { product_ids: [products[0].id] })).status, 'sent')
  },
  'a mistake in the parameters': async (a, shop) => {
    const answer = await a.use('call_operation', { operation: 'order.GetOrderList', shop, params: { order_statuss: 'UNPAID' } })
    assert.equal(answer.error.class, 'arguments')
    assert.match(answer.error.message, /order_status/)
  },
  'a write by the tool that reads': async (a, shop) => {
    const answer = await a.use('call_operation', { operation: 'product.DeleteProducts', shop, params: { product_ids: ['1'] } })
    assert.equal(answer.error.class, 'writes')
  },
}

async function run(name, transport) {
  const client = new Client({ name: 'tasks', version: '1' })
  await client.connect(transport)
  const list = tokens((await client.listTools()).tools)
  assert.ok(list <= limits.list, `the list of tools takes ${list} tokens`)
  console.log(`${name}: the list of tools takes ${list} tokens`)
  const shop = GB((await new Assistant(client).use('list_shops')).shops)
  let passed = 0
  for (const [title, task] of Object.entries(tasks)) {
    const a = new Assistant(client)
    await task(a, shop).catch((error) => { throw new Error(`${name}: ${title}`, { cause: error }) })
    passed++
    const all = title === 'orders to ship today' ? list + a.spent : undefined
    if (all) assert.ok(all <= limits.shipToday, `${title}: ${all} tokens in all`)
    console.log(`${name}: ${title}: ${a.spent} tokens${all ? `, ${all} with the list` : ''}`)
  }
  assert.equal(passed, 20)
  const a = new Assistant(client)
  const { rows } = await a.use('query', { sql: 'select status, count(*) as orders from orders group by status order by orders desc' })
  assert.ok(rows.length > 1, 'orders have several states')
  console.log(`${name}: a question in SQL: ${a.spent} tokens`)
  await client.close()
}

await run('stdio', new StdioClientTransport({ command: binary, args: ['mcp', '--sandbox', '--allow-writes', '--db', copy], env: { PATH: process.env.PATH, HOME: process.env.HOME ?? '', TTSHOP_CONFIG: process.env.TTSHOP_CONFIG } }))
await run('http', new StreamableHTTPClientTransport(new URL(address)))
console.log('40 passed, 0 failed')
