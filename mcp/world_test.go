package mcp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/mcp"
	"github.com/ttshop-go/ttshop/oauth"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// world is a sandbox with a fleet of grants.
type world struct {
	url     string
	control *control.Client
	fleet   *tokenstore.Fleet
	shops   []tokenstore.Shop
	secrets []string // that nobody may be told
	users   map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldBehind(t, func(h http.Handler) http.Handler { return h }, time.Now)
}

// newWorldBehind is newWorld with a handler before the sandbox.
func newWorldBehind(t *testing.T, before func(http.Handler) http.Handler, now func() time.Time) *world {
	t.Helper()
	unlimited := 0.0
	sb, err := sandbox.New(sandbox.Config{Seed: 1, Throttle: &unlimited, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(before(sb))
	t.Cleanup(func() { server.Close(); _ = sb.Close() })
	c := sb.Credentials()
	w := &world{url: server.URL, control: control.New(server.URL), users: map[string]string{}}
	app := &oauth.App{Key: c.AppKey, Secret: ttshop.Secret(c.AppSecret), ServiceID: c.ServiceID, Endpoint: server.URL}
	w.fleet = tokenstore.NewFleet(app, new(tokenstore.Memory), tokenstore.FleetConfig{
		Now:           now,
		ClientOptions: []ttshop.Option{ttshop.WithEndpoint(server.URL), ttshop.WithLimiter(nil), ttshop.WithClock(now)},
	})
	t.Cleanup(func() { _ = w.fleet.Close(context.Background()) })
	grant, err := w.fleet.Authorize(t.Context(), c.AuthCode)
	if err != nil {
		t.Fatal(err)
	}
	w.shops = grant.Shops
	w.secrets = []string{c.AppSecret, grant.Token.AccessToken.Reveal(), grant.Token.RefreshToken.Reveal()}
	for _, s := range grant.Shops {
		w.secrets = append(w.secrets, s.Cipher)
	}
	return w
}

// client connects a client in this process to a server.
func client(t *testing.T, config mcp.Config, options *sdk.ClientOptions) *sdk.ClientSession {
	t.Helper()
	server, err := mcp.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return connect(t, server, options)
}

func connect(t *testing.T, server *mcp.Server, options *sdk.ClientOptions) *sdk.ClientSession {
	t.Helper()
	near, far := sdk.NewInMemoryTransports()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx, far) }()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, options).Connect(ctx, near, nil)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = session.Close()
		cancel()
		<-done
	})
	return session
}

// answer is what a tool answered.
type answer struct {
	Text    string
	Data    map[string]any
	Raw     string
	IsError bool
}

// failure returns the class of a failure.
func (a answer) failure() string {
	f, _ := a.Data["error"].(map[string]any)
	class, _ := f["class"].(string)
	return class
}

// use calls a tool.
func use(t *testing.T, session *sdk.ClientSession, tool string, args any) answer {
	t.Helper()
	result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		t.Fatalf("%s %v: %v", tool, args, err)
	}
	return answerOf(t, result)
}

func answerOf(t *testing.T, result *sdk.CallToolResult) answer {
	t.Helper()
	raw, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{IsError: result.IsError, Raw: string(raw)}
	for _, c := range result.Content {
		if text, ok := c.(*sdk.TextContent); ok {
			a.Text += text.Text
		}
	}
	b, err := json.Marshal(result.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &a.Data); err != nil {
		t.Fatal(err)
	}
	return a
}

type args = map[string]any

// shopIn returns the id of a shop in a region.
func (w *world) shopIn(t *testing.T, region string) string {
	t.Helper()
	for _, s := range w.shops {
		if s.Region == region {
			return s.ID
		}
	}
	t.Fatalf("no shop in %s", region)
	return ""
}

// holdsSecret returns the first secret that a text holds.
func (w *world) holdsSecret(text string) string {
	for _, secret := range w.secrets {
		if secret != "" && strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}

func now() time.Time { return time.Now() }
