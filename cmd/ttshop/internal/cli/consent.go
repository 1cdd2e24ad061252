package cli

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// consent asks whether to send a write to a real shop; a sandbox on this
// machine needs no question. stdinTaken tells that standard input holds
// something else than the answer.
func (c *connection) consent(ctx context.Context, sys *System, what string, stdinTaken bool) error {
	key, err := c.app.readKey(sys)
	if err != nil {
		return err
	}
	address, err := apiEndpoint(sys, c.Endpoint, key)
	if err != nil || isLoopback(address) {
		return err
	}
	if !sys.Terminal.Ask || stdinTaken {
		return usagef("%s changes something at %s, and nobody can be asked here; pass --yes to send it", what, address)
	}
	question := wrap(strings.Fields(what+" changes something at "+address+". Send it? [y/N]"), " ", sys.columns())
	fmt.Fprintf(sys.Err, "%s ", strings.Join(question, "\n"))
	answer, err := readLine(ctx, sys.In)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if answer = strings.ToLower(answer); answer != "y" && answer != "yes" {
		return fmt.Errorf("%s was not sent", what)
	}
	return nil
}

// isLoopback reports whether an address is on this machine.
func isLoopback(address string) bool {
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
