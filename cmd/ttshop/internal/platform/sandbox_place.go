package platform

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/webhook"
)

// anySandbox is the value of --sandbox without one: the sandbox that later
// commands talk to anyway, or that at its default address.
const anySandbox = "local"

// LocalSandbox is a running sandbox on this machine.
type LocalSandbox struct {
	*control.Client
	URL     string
	Key     string
	Secret  ttshop.Secret
	Service string
	shops   []control.Shop
}

// FindSandbox finds the running sandbox at an address or, where that is empty
// or [anySandbox], the one of environment or profile, or the one at the default address.
func FindSandbox(ctx context.Context, sys *Session, flag string) (*LocalSandbox, error) {
	address := flag
	if address == "" || address == anySandbox {
		known, err := knownSandbox(sys)
		if err != nil {
			return nil, err
		}
		address = cmp.Or(known, DefaultSandbox)
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
	return &LocalSandbox{client, address, c.AppKey, ttshop.Secret(c.AppSecret), c.ServiceID, c.Shops}, nil
}

// knownSandbox returns the address that calls go to where it is on this machine,
// or nothing.
func knownSandbox(sys *Session) (string, error) {
	if address := sys.Getenv(EnvEndpoint); address != "" {
		if IsLoopback(address) {
			return address, nil
		}
		return "", nil
	}
	h, err := sys.Home()
	if err != nil {
		return "", err
	}
	if h.Profile != nil && IsLoopback(h.Profile.Endpoint) {
		return h.Profile.Endpoint, nil
	}
	return "", nil
}

// App returns the sandbox's app as the receiver of webhooks knows it.
func (s *LocalSandbox) App(old ...string) (webhook.App, error) {
	return webhook.NewApp(s.Key, append([]string{s.Secret.Reveal()}, old...)...)
}

// Explain returns a refusal of the sandbox as the sandbox words it.
func (s *LocalSandbox) Explain(err error) error {
	if refused, ok := errors.AsType[*control.Error](err); ok {
		return fmt.Errorf("%s: %s", s.URL, refused.Message)
	}
	return err
}

// DefaultSandbox is where ttshop sandbox listens unless it is told otherwise.
const DefaultSandbox = "http://127.0.0.1:8089"

// sandboxSeed asks the sandbox at an address what its data is made from.
func sandboxSeed(ctx context.Context, address string) (uint64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/_sandbox/health", nil)
	if err != nil {
		return 0, fmt.Errorf("reach the sandbox: %w", err)
	}
	client := &http.Client{Timeout: 10 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return 0, fmt.Errorf("no sandbox answers at %s: %w; start one with ttshop sandbox", address, err)
	}
	defer resp.Body.Close()
	var health struct {
		Status string  `json:"status"`
		Seed   *uint64 `json:"seed"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&health); err != nil || health.Seed == nil {
		return 0, fmt.Errorf("what answers at %s is not a sandbox; start one with ttshop sandbox", address)
	}
	return *health.Seed, nil
}
