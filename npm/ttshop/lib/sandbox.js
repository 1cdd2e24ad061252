'use strict'
const { spawn } = require('node:child_process')
const { createInterface } = require('node:readline')
const { binary } = require('./binary')

const platformHosts = new Set(['open-api.tiktokglobalshop.com', 'auth.tiktok-shops.com'])

// running holds the processes that must end with this one.
const running = new Set()

async function startSandbox({ listen = '127.0.0.1:0', seed, args = [] } = {}) {
  const flags = ['sandbox', '--json', '--listen', listen]
  if (seed !== undefined) flags.push('--seed', String(seed))
  const child = spawn(binary(), [...flags, ...args], { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? `code ${code}`)))
  if (running.size === 0) process.on('exit', killAll)
  running.add(child)
  ended.then(() => {
    running.delete(child)
    if (running.size === 0) process.off('exit', killAll)
  })

  let complaint = ''
  child.stderr.on('data', (chunk) => { complaint = (complaint + chunk).slice(-4096) })
  const first = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('error', reject)
    ended.then((how) => reject(new Error(`ttshop sandbox ended with ${how}: ${complaint.trim()}`)))
  })
  const line = JSON.parse(await first)
  child.stdout.resume() // so that it never waits for a reader
  child.unref()
  child.stdout.unref()
  child.stderr.unref()

  const close = async () => {
    child.kill()
    await ended
  }
  return {
    url: line.base_url,
    appKey: line.app_key,
    appSecret: line.app_secret,
    accessToken: line.access_token,
    refreshToken: line.refresh_token,
    authCode: line.auth_code,
    serviceId: line.service_id,
    categoryAssetCipher: line.category_asset_cipher,
    shops: line.shops,
    fetch: divert(line.base_url),
    close,
    [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: close,
  }
}

// divert returns a fetch that sends what is for the platform to another address.
function divert(address) {
  const fetch = globalThis.fetch // it may be replaced by what is returned here
  return async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    if (!platformHosts.has(url.host)) return fetch(request)
    const body = request.body === null ? undefined : await request.arrayBuffer()
    const { method, headers, signal, redirect } = request
    return fetch(new URL(url.pathname + url.search, address), { method, headers, signal, redirect, body })
  }
}

function killAll() {
  for (const child of running) child.kill()
}

module.exports = { startSandbox }
