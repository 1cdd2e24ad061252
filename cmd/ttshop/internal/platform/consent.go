package platform

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// Consent asks whether to send a write to a real shop; a sandbox on this
// machine is not asked about. stdinTaken says that standard input holds
// something other than the answer.
func (c *Connection) Consent(ctx context.Context, sys *Session, what string, stdinTaken bool) error {
	key, err := c.App.ReadKey(sys)
	if err != nil {
		return err
	}
	address, err := APIEndpoint(sys, c.Endpoint, key)
	if err != nil || IsLoopback(address) {
		return err
	}
	if !sys.Terminal.Ask || stdinTaken {
		return console.Usagef("%s changes something at %s, and there is no terminal to ask at; pass --yes to send it", what, address)
	}
	question := console.Wrap(strings.Fields(what+" changes something at "+address+". Send it? [y/N]"), " ", sys.Columns())
	fmt.Fprintf(sys.Err, "%s ", strings.Join(question, "\n"))
	answer, err := console.ReadLine(ctx, sys.In)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if answer = strings.ToLower(answer); answer != "y" && answer != "yes" {
		return fmt.Errorf("%s was not sent", what)
	}
	return nil
}

// IsLoopback reports whether an address is on this machine.
func IsLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
