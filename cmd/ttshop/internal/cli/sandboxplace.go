package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/webhook"
)

// anySandbox is the value of --sandbox without one: the sandbox that later
// commands talk to anyway, or that at its default address.
const anySandbox = "local"

// localSandbox is a running sandbox on this machine.
type localSandbox struct {
	*control.Client
	url     string
	key     string
	secret  ttshop.Secret
	service string
	shops   []control.Shop
}

// findSandbox finds the running sandbox at an address or, where that is empty
// or [anySandbox], the one of environment or profile, or at the default address.
func findSandbox(ctx context.Context, sys *System, flag string) (*localSandbox, error) {
	address := flag
	if address == "" || address == anySandbox {
		known, err := knownSandbox(sys)
		if err != nil {
			return nil, err
		}
		address = cmp.Or(known, defaultSandbox)
	}
	address, err := endpoint(struct{ name, value string }{"--sandbox", address})
	if err != nil {
		return nil, err
	}
	if _, err := sandboxSeed(ctx, address); err != nil {
		return nil, err
	}
	client := control.New(address)
	c, err := client.Credentials(ctx)
	if err != nil {
		return nil, fmt.Errorf("credentials of the sandbox at %s: %w", address, err)
	}
	return &localSandbox{client, address, c.AppKey, ttshop.Secret(c.AppSecret), c.ServiceID, c.Shops}, nil
}

// knownSandbox returns the address that calls go to where it is on this machine,
// or nothing.
func knownSandbox(sys *System) (string, error) {
	if address := sys.Getenv(envEndpoint); address != "" {
		if isLoopback(address) {
			return address, nil
		}
		return "", nil
	}
	h, err := sys.home()
	if err != nil {
		return "", err
	}
	if h.profile != nil && isLoopback(h.profile.Endpoint) {
		return h.profile.Endpoint, nil
	}
	return "", nil
}

// app returns the sandbox's app as the receiver of webhooks knows it.
func (s *localSandbox) app(old ...string) (webhook.App, error) {
	return webhook.NewApp(s.key, append([]string{s.secret.Reveal()}, old...)...)
}

// explain adds to a refusal of the sandbox what to do about it.
func (s *localSandbox) explain(err error) error {
	if refused, ok := errors.AsType[*control.Error](err); ok {
		return fmt.Errorf("%s: %s", s.url, refused.Message)
	}
	return err
}
