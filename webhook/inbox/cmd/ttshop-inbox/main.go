// Command ttshop-inbox is the server of an inbox in a folder. The command ttshop
// starts it, and it ends with ttshop; nobody runs it by hand.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/ttshop-go/ttshop/webhook/inbox/embedded"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Fprintln(os.Stderr, "ttshop-inbox keeps webhook events in a folder for ttshop, which starts it by itself; it takes no arguments")
		os.Exit(2)
	}
	// The end of the input says when to end, since ttshop still stores what it has
	// accepted when it is asked to end itself.
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if err := embedded.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ttshop-inbox:", err)
		os.Exit(1)
	}
}
