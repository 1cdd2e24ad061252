// Package console what every command stands on: the system around a run,
// terminals, output, prompts, progress and exit codes.
package console
