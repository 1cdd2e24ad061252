// Site makes plain HTML of the guides, which can be read without the repository:
//
//	go run ./internal/release/site -root . -out dist/site
//
// It needs no server: pages, search and styles work from a folder.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	root := flag.String("root", ".", "the repository")
	out := flag.String("out", "dist/site", "the folder for the pages, which is made")
	flag.Parse()
	if err := build(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}
