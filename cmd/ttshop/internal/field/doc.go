// Package field the operations' names and fields on a command line: commands
// and flags, paths into JSON, values of a type.
package field
