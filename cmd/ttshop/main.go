// Command ttshop signs, checks and sends requests of the TikTok Shop Open API
// and runs a local sandbox of it.
package main

import (
	"os"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/cli"
)

func main() { os.Exit(cli.Main(cli.OS(), os.Args[1:])) }
