// Package assistant has the commands by which assistants run a shop, and by which
// people approve what they want to change.
package assistant
