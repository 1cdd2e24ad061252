'use strict'

const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64']

// binary returns the path of the command: that of the environment variable
// TTSHOP_BINARY, or that of the package for this platform.
exports.binary = function binary() {
  if (process.env.TTSHOP_BINARY) return process.env.TTSHOP_BINARY
  const platform = `${process.platform}-${process.arch}`
  if (!platforms.includes(platform)) {
    throw new Error(`ttshop: there is no package for ${platform}; there are ${platforms.join(', ')}. ` +
      'Build the command with Go and set TTSHOP_BINARY to its path')
  }
  try {
    return require.resolve(`@ttshop/${platform}/bin/ttshop${process.platform === 'win32' ? '.exe' : ''}`)
  } catch {
    throw new Error(`ttshop: the package @ttshop/${platform} is not installed. ` +
      'It is an optional dependency: install again without --omit=optional (--no-optional), on this platform, ' +
      'or set TTSHOP_BINARY to the path of the command')
  }
}
