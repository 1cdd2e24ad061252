// Package cli is the command ttshop: one file per subcommand, each with the
// options of a run, a constructor that parses them and a function that acts.
//
// A command knows the world only through its [System]: no package variables,
// no init, no direct use of the process's streams.
package cli
