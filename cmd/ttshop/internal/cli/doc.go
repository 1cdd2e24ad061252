// Package cli is the tree of commands of ttshop, and what concerns all of them:
// global flags, help, completion, manual, reference and doctor. The commands
// themselves are in the packages beside it, one file each, with the options of a
// run, a constructor that parses them and a function that acts.
//
// A command knows the world only through its [console.System]: no package
// variables, no init, no direct use of the process's streams.
package cli
