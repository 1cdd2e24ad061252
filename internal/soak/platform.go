package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/sandbox"
)

// platform is a sandbox behind a loopback port, whose clock can drift.
type platform struct {
	sandbox *sandbox.Sandbox
	server  *http.Server
	url     string
	skew    atomic.Int64 // nanoseconds
	faults  []string     // ids
	calm    bool         // no 429 is injected
	client  *http.Client // reaches this machine only
}

func startPlatform(config Config, seed uint64, client *http.Client) (*platform, error) {
	p := &platform{client: client}
	throttle := config.Throttle
	sb, err := sandbox.New(sandbox.Config{
		Seed: seed, Throttle: &throttle, AccessTokenTTL: config.Faults.TokenTTL,
		Now: func() time.Time { return time.Now().Add(time.Duration(p.skew.Load())) },
	})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	p.sandbox, p.url = sb, "http://"+listener.Addr().String()
	p.server = &http.Server{Handler: sb, ReadHeaderTimeout: 10 * time.Second}
	go p.server.Serve(listener) //nolint:errcheck // it ends with close, whose error counts
	return p, nil
}

func (p *platform) close() error { return p.server.Close() }

// inject sets the faults on everything that clients call for shops; the
// authorization host is spared.
func (p *platform) inject(ctx context.Context, f Faults, timeout time.Duration) error {
	late := map[string]any{"delay": (3 * timeout).String(), "cut": "after_work"}
	for _, domain := range []string{"order", "product"} {
		for _, fault := range []struct {
			probability float64
			then        map[string]any
		}{
			{f.Throttled, map[string]any{"status": http.StatusTooManyRequests}},
			{f.Failing, map[string]any{"status": 502}},
			{f.Cut / 3, map[string]any{"cut": "before"}},
			{f.Cut / 3, map[string]any{"cut": "after_work"}},
			{f.Cut / 3, map[string]any{"cut": "body"}},
			{f.Late, late},
		} {
			if fault.probability <= 0 || p.calm && fault.then["status"] == http.StatusTooManyRequests {
				continue
			}
			id, err := p.control(ctx, "POST", "faults", map[string]any{
				"match": map[string]any{"path": "/" + domain + "/*"}, "probability": fault.probability, "then": fault.then,
			})
			if err != nil {
				return err
			}
			p.faults = append(p.faults, id)
		}
	}
	return nil
}

// heal ends all faults and corrects the clock.
func (p *platform) heal(ctx context.Context) error {
	p.skew.Store(0)
	for _, id := range p.faults {
		if _, err := p.control(ctx, "DELETE", "faults/"+id, nil); err != nil {
			return err
		}
	}
	p.faults = nil
	return nil
}

// control calls the sandbox's control API and returns the id in its answer.
func (p *platform) control(ctx context.Context, method, path string, body any) (string, error) {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return "", err
		}
		content = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.url+"/_sandbox/"+path, content)
	if err != nil {
		return "", err
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("control the sandbox: %w", err)
	}
	defer resp.Body.Close()
	var answer struct {
		ID    string `json:"id"`
		Error string `json:"error"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return "", fmt.Errorf("control the sandbox: %w", err)
	}
	if resp.StatusCode >= 300 {
		return "", fmt.Errorf("control the sandbox: %s %s: %s", method, path, answer.Error)
	}
	return answer.ID, nil
}

// swing moves the clock off and back until ctx ends.
func (p *platform) swing(ctx context.Context, f Faults) {
	if f.SkewEvery <= 0 {
		return
	}
	ticker := time.NewTicker(f.SkewEvery)
	defer ticker.Stop()
	for i := 1; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			p.skew.Store(int64([]time.Duration{0, f.Skew, 0, -f.Skew}[i%4]))
		}
	}
}
