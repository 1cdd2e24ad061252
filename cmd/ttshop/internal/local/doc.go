// Package local has the commands that need no account: the sandbox, its
// quickstart and the benchmark.
package local
