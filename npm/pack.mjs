// Packs the npm packages into a folder, one tarball each:
//
//	node pack.mjs OUT PLATFORM=BINARY ...
//
// such as linux-x64=dist/ttshop, with ttshop-inbox and ttshop-sync beside it. The package ttshop is packed with the version of
// its package.json, which all platforms share.
import { execFileSync } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const main = JSON.parse(await readFile(join(here, 'ttshop', 'package.json'), 'utf8'))
const [out, ...binaries] = process.argv.slice(2)
if (!out || binaries.length === 0) {
  console.error('usage: node pack.mjs OUT PLATFORM=BINARY ...')
  process.exit(2)
}
await mkdir(out, { recursive: true })

const pack = (dir) => execFileSync('npm', ['pack', '--silent', '--pack-destination', resolve(out)], { cwd: dir, stdio: ['ignore', 'inherit', 'inherit'] })

for (const entry of binaries) {
  const [platform, path] = entry.split('=')
  const name = `@ttshop/${platform}`
  if (main.optionalDependencies[name] !== main.version) {
    throw new Error(`${name}: package.json of ttshop asks for ${main.optionalDependencies[name] ?? 'none'}, the version is ${main.version}`)
  }
  const [os, cpu] = platform.split('-')
  const dir = await mkdtemp(join(tmpdir(), 'ttshop-pack-'))
  try {
    await mkdir(join(dir, 'bin'))
    const ending = os === 'win32' ? '.exe' : ''
    for (const program of ['ttshop', 'ttshop-inbox', 'ttshop-sync']) {
      const file = program + ending
      await copyFile(program === 'ttshop' ? path : join(dirname(path), file), join(dir, 'bin', file))
      await chmod(join(dir, 'bin', file), 0o755)
    }
    await writeFile(join(dir, 'README.md'), `# ${name}\n\nThe command of the package \`ttshop\` for ${os} on ${cpu}. Install \`ttshop\` instead.\n`)
    await copyFile(join(here, '..', 'LICENSE'), join(dir, 'LICENSE'))
    await writeFile(join(dir, 'package.json'), JSON.stringify({
      name, version: main.version, description: `The command ttshop for ${os} on ${cpu}`, license: main.license,
      repository: main.repository, homepage: main.homepage, os: [os], cpu: [cpu], preferUnplugged: true, files: ['bin'],
    }, null, 2) + '\n')
    pack(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}
await copyFile(join(here, '..', 'LICENSE'), join(here, 'ttshop', 'LICENSE'))
try {
  pack(join(here, 'ttshop'))
} finally {
  await rm(join(here, 'ttshop', 'LICENSE'))
}
