//go:build !unix

package cli

// become is missing where no process can be replaced by another.
var become func(path string, args []string) error
