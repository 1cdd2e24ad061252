package mcp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/mcp"
	"github.com/ttshop-go/ttshop/policy"
)

// keyed sends a key with each request.
type keyed string

// RoundTrip implements http.RoundTripper.
func (k keyed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(k))
	return http.DefaultTransport.RoundTrip(r)
}

// book makes keys with names.
func book(t *testing.T, keys ...policy.Key) (*policy.Book, []string) {
	t.Helper()
	store := new(policy.Memory)
	b, err := policy.Open(t.Context(), store, new(catalog.Catalog))
	if err != nil {
		t.Fatal(err)
	}
	var issued []string
	err = policy.Update(t.Context(), store, b.Operations(), func(d *policy.Document) error {
		for _, k := range keys {
			i, err := d.Create(k, time.Now(), nil)
			if err != nil {
				return err
			}
			issued = append(issued, i.RevealKey())
		}
		return nil
	})
	if err == nil {
		err = b.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return b, issued
}

func dial(t *testing.T, url, key string) *sdk.ClientSession {
	t.Helper()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "same name", Version: "1"}, nil).Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: url, HTTPClient: &http.Client{Transport: keyed(key)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// Over HTTP a client is its key: it sees its shops, has its limits, and no plan of
// another is its own, whatever it says its name is.
func TestKeysOverHTTP(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.config.Ahead = []mcp.Risk{mcp.RiskStock}
	server, err := mcp.New(d.config)
	if err != nil {
		t.Fatal(err)
	}
	b, keys := book(t,
		policy.Key{Name: "one", Allow: []string{"*"}, Shops: []string{d.shop}},
		policy.Key{Name: "two", Allow: []string{"*"}, Shops: []string{"*"}},
		policy.Key{Name: "three", Allow: []string{"order.*"}, Shops: []string{d.shop}, Daily: 2},
		policy.Key{Name: "four", Allow: []string{"*"}, Deny: []string{"product.Update*"}, Shops: []string{d.shop}},
	)
	web := httptest.NewServer(server.Handler(mcp.HTTPConfig{Book: b}))
	defer web.Close()
	one, two, three, four := dial(t, web.URL+mcp.Path, keys[0]), dial(t, web.URL+mcp.Path, keys[1]), dial(t, web.URL+mcp.Path, keys[2]), dial(t, web.URL+mcp.Path, keys[3])
	if shops := list(use(t, one, "list_shops", nil).Data["shops"]); len(shops) != 1 {
		t.Errorf("one sees %v", shops)
	}
	if shops := list(use(t, two, "list_shops", nil).Data["shops"]); len(shops) != len(d.shops) {
		t.Errorf("two sees %v", shops)
	}
	plan := d.stock(t, one, 4).Data["plan"]
	if a := use(t, two, "apply_write", args{"plan": plan}); a.failure() != "plan" {
		t.Errorf("another key's plan: %s", a.Raw)
	}
	d.nothingSent(t, "another key's plan")
	if a := use(t, one, "apply_write", args{"plan": plan}); a.Data["status"] != "sent" {
		t.Error(a.Raw)
	}
	page := use(t, one, "find_orders", args{"limit": 2})
	if a := use(t, two, "find_orders", args{"cursor": page.Data["next_cursor"]}); a.failure() != "cursor" {
		t.Errorf("another key's cursor: %s", a.Raw)
	}
	if a := use(t, one, "find_orders", args{"shop": d.shopIn(t, "US")}); a.failure() != "shop" {
		t.Errorf("a shop of others: %s", a.Raw)
	}
	for i, want := range []string{"", "", "limit"} {
		if a := use(t, three, "find_orders", args{"limit": 1}); a.failure() != want {
			t.Errorf("call %d of 2 a day: %s", i+1, a.Raw)
		}
	}
	if a := d.stock(t, four, 4); a.failure() != "forbidden" {
		t.Errorf("a denied operation is planned: %s", a.Raw)
	}
}

// What reaches the server is for it, from a page that may call, with a key.
func TestFront(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server, err := mcp.New(mcp.Config{Platform: mcp.Fleet(w.fleet)})
	if err != nil {
		t.Fatal(err)
	}
	b, keys := book(t, policy.Key{Name: "one", Allow: []string{"*"}, Shops: []string{"*"}})
	open := httptest.NewServer(server.Handler(mcp.HTTPConfig{Hosts: []string{"mcp.example"}, Origins: []string{"https://host.example"}}))
	defer open.Close()
	locked := httptest.NewServer(server.Handler(mcp.HTTPConfig{Book: b}))
	defer locked.Close()
	const ping = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}`
	for name, test := range map[string]struct {
		url    string
		method string
		body   string
		set    func(*http.Request)
		status int
	}{
		"a program":                {open.URL + mcp.Path, "POST", ping, nil, 200},
		"a name that is known":     {open.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Host = "mcp.example" }, 200},
		"a name that leads here":   {open.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Host = "attacker.example" }, 403},
		"a page of this machine":   {open.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Header.Set("Origin", "http://localhost:6274") }, 200},
		"a page that may":          {open.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Header.Set("Origin", "https://host.example") }, 200},
		"a page that may not":      {open.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Header.Set("Origin", "https://attacker.example") }, 403},
		"a page of no place":       {open.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Header.Set("Origin", "null") }, 403},
		"localhost.attacker":       {open.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Header.Set("Origin", "http://localhost.attacker.example") }, 403},
		"a get":                    {open.URL + mcp.Path, "GET", "", nil, 405},
		"another path":             {open.URL + "/", "POST", ping, nil, 404},
		"too much":                 {open.URL + mcp.Path, "POST", strings.Repeat(" ", 5<<20) + ping, nil, 413},
		"no key":                   {locked.URL + mcp.Path, "POST", ping, nil, 401},
		"a wrong key":              {locked.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Header.Set("Authorization", "Bearer ttg_x") }, 401},
		"the key":                  {locked.URL + mcp.Path, "POST", ping, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+keys[0]) }, 200},
		"the key in the query":     {locked.URL + mcp.Path + "?access_token=" + keys[0], "POST", ping, nil, 401},
		"the resource's metadata":  {locked.URL + "/.well-known/oauth-protected-resource", "GET", "", nil, 200},
		"of the path, too":         {locked.URL + "/.well-known/oauth-protected-resource/mcp", "GET", "", nil, 200},
		"metadata for an attacker": {locked.URL + "/.well-known/oauth-protected-resource", "GET", "", func(r *http.Request) { r.Host = "attacker.example" }, 403},
	} {
		r, err := http.NewRequestWithContext(t.Context(), test.method, test.url, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		if test.set != nil {
			test.set(r)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != test.status {
			t.Errorf("%s: HTTP %d, want %d: %s %v", name, resp.StatusCode, test.status, body, err)
		}
		metadata := `resource_metadata="` + locked.URL + `/.well-known/oauth-protected-resource/mcp"`
		if said := resp.Header.Get("WWW-Authenticate"); test.status == 401 && !strings.Contains(said, metadata) {
			t.Errorf("%s: it does not say where the metadata is: %s", name, said)
		}
		if about := `"resource":"` + locked.URL + mcp.Path + `"`; test.method == "GET" && test.status == 200 && !strings.Contains(string(body), about) {
			t.Errorf("%s: the metadata is not about the server: %s", name, body)
		}
		if resp.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: other pages may read the answer", name)
		}
	}
}
