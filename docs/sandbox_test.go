package docs_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func TestSandboxGuideTest(t *testing.T) {
	t.Parallel()
	// helper
	server := sandboxtest.Start(t)
	shop := server.Shop("GB")
	res, err := order.New(shop).Search(t.Context(), &order.SearchParams{PageSize: 20})
	// end
	if err != nil || len(res.Orders) != 20 {
		t.Errorf("%v", err)
	}
}

func steer(ctx context.Context, server *sandboxtest.Server, look func([]control.Request)) error {
	// steer
	c := control.New(server.URL)

	// The next two order searches are throttled, then all is well.
	if _, err := c.AddFault(ctx, control.Fault{
		Match: control.Match{Operation: "order.GetOrderList"},
		Next:  2,
		Then:  control.Effect{Code: 36009002},
	}); err != nil {
		return err
	}

	// A week later the access token has expired.
	if _, err := c.Advance(ctx, 7*24*time.Hour); err != nil {
		return err
	}

	// What did the client do about it?
	requests, err := c.Requests(ctx, 10, "/api/v2/token/")
	if err != nil {
		return err
	}
	// end
	look(requests)
	return nil
}

func TestSandboxGuideSteer(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	if _, err := server.App.Exchange(t.Context(), server.Credentials.AuthCode); err != nil {
		t.Fatal(err)
	}
	if err := steer(t.Context(), server, func(requests []control.Request) {
		if len(requests) != 1 || requests[0].Operation != "oauth.GetAccessToken" {
			t.Errorf("%+v", requests)
		}
	}); err != nil {
		t.Error(err)
	}
}

// The guide shows Go code that this file runs, faults that the sandbox takes,
// and requests that it serves.
func TestSandboxGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := func(language string) []string {
		var found []string
		for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)\n```$").FindAllStringSubmatch(string(guide), -1) {
			found = append(found, m[1])
		}
		return found
	}
	code := marked(t, "sandbox_test.go")
	shown := blocks("go")
	if len(shown) != len(code) {
		t.Errorf("the guide shows %d blocks of Go, this file runs %d", len(shown), len(code))
	}
	for _, block := range shown {
		found := false
		for _, c := range code {
			found = found || c == block
		}
		if !found {
			t.Errorf("nothing runs what the guide shows:\n%s", block)
		}
	}
	server := sandboxtest.Start(t)
	for _, block := range blocks("json") {
		if strings.Contains(block, `"rules"`) {
			var lists control.Lists
			err := json.Unmarshal([]byte(block), &lists)
			if err == nil {
				err = server.Control.SetLists(t.Context(), lists)
			}
			if err != nil {
				t.Errorf("%v:\n%s", err, block)
			}
			continue
		}
		if _, err := sandbox.ReadFaults(strings.NewReader("[" + block + "]")); err != nil {
			t.Errorf("%v:\n%s", err, block)
		}
	}
	rows := regexp.MustCompile("`GET (/_sandbox/[a-z]+)[`?]").FindAllStringSubmatch(string(guide), -1)
	if len(rows) < 4 {
		t.Errorf("%d requests are shown", len(rows))
	}
	for _, row := range rows {
		response, err := http.Get(server.URL + row[1])
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", row[1], response.StatusCode)
		}
	}
}
