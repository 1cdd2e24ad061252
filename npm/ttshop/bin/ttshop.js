#!/usr/bin/env node
'use strict'
const { spawn } = require('node:child_process')
const { constants } = require('node:os')
const { binary } = require('../lib/binary')

let path
try {
  path = binary()
} catch (e) {
  console.error(e.message)
  process.exit(1)
}
const child = spawn(path, process.argv.slice(2), { stdio: 'inherit' })
// A terminal sends Ctrl-C to both processes: the command ends by itself, in
// order, and this one waits for it. Other senders know this process only.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (e) => {
  console.error(`ttshop: cannot run ${path}: ${e.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
