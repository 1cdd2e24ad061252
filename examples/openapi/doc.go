// Package openapi has clients that foreign generators make from the document of
// ttshop ops openapi. Its test generates each, compiles it and calls a sandbox
// with it. docs/openapi.md has the commands.
package openapi
