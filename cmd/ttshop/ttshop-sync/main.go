// Command ttshop-sync is ttshop with what is too heavy for it: copies of shops that
// several machines share, and exports of them as Parquet files. The command ttshop starts it by itself, with the arguments
// that it was given.
package main

import (
	"os"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/cli"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/replica"
)

func main() { os.Exit(run(replica.Extras{Share: shared{}.share, Parquet: writeLake})) }

// run is the command ttshop sync with extras.
func run(extras replica.Extras) int {
	return cli.MainOf(cli.OS(), os.Args[1:], extras.NewSyncCmd)
}
