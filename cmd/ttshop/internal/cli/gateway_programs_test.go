package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/gateway"
)

// guideFolder has the files that docs/gateway.md names.
var guideFolder = filepath.Join("..", "..", "..", "..", "docs", "gateway")

// TestGatewayPackages runs the programs with foreign SDKs, where TTSHOP_TEST_PACKAGES
// is a folder into which npm has installed them: tests fetch nothing.
func TestGatewayPackages(t *testing.T) {
	t.Parallel()
	packages := os.Getenv("TTSHOP_TEST_PACKAGES")
	if packages == "" {
		t.Skip("TTSHOP_TEST_PACKAGES names no folder with the packages of npm")
	}
	w := newGatewayWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "tokens.db"))
	var client struct {
		AppKey    string `json:"app_key"`
		AppSecret string `json:"app_secret"`
	}
	out := w.command("gateway", "keys", "create", "sdk", "--shops", "*", "--allow", "order.*", "--signed", "--json")
	if err := json.Unmarshal([]byte(out), &client); err != nil || client.AppKey == "" || client.AppSecret == "" {
		t.Fatalf("%v: the command shows other fields", err)
	}
	g := w.start()
	key := w.key("plain", "--shops", "*", "--allow", "order.*")
	var body string
	if !within(func() bool {
		status, text := w.call(http.DefaultClient, g.URL, key)
		body = text
		return status == 200
	}) {
		t.Fatal(body)
	}
	var found struct {
		Data struct {
			Orders []struct{ ID string }
		}
	}
	if err := json.Unmarshal([]byte(body), &found); err != nil || len(found.Data.Orders) == 0 {
		t.Fatalf("%v: %s", err, body)
	}
	for _, name := range []string{"tiktok-shop-sdk", "tiktok-shop-client"} {
		folder := t.TempDir()
		if err := os.Symlink(filepath.Join(packages, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
			t.Fatal(err)
		}
		program := filepath.Join(folder, name+".mjs")
		if err := os.WriteFile(program, []byte(read(filepath.Join(guideFolder, name+".mjs"))), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "node", program)
		cmd.Env = append(slices.Clone(w.env), "GATEWAY="+g.URL, "APP_KEY="+client.AppKey, "APP_SECRET="+client.AppSecret, "SHOP="+w.shops[0].ID, "ORDER="+found.Data.Orders[0].ID)
		text, err := cmd.CombinedOutput()
		if err != nil || !strings.HasSuffix(string(text), "orders\n") || strings.HasPrefix(string(text), "0 ") {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

// TestGatewayN8N checks the workflow for n8n, and sends what its node would send.
func TestGatewayN8N(t *testing.T) {
	t.Parallel()
	type pairs struct {
		Parameters []struct{ Name, Value string }
	}
	type node struct {
		ID, Name, Type string
		TypeVersion    float64
		Position       [2]int
		Parameters     struct {
			Method, URL, Authentication, GenericAuthType, SpecifyBody, JSONBody, FieldToSplitOut string
			SendQuery, SendHeaders, SendBody                                                     bool
			QueryParameters, HeaderParameters                                                    pairs
			Options                                                                              map[string]any
		}
		Credentials map[string]struct{ ID, Name string }
	}
	var workflow struct {
		Name        string
		Nodes       []node
		Connections map[string]struct {
			Main [][]struct {
				Node, Type string
				Index      int
			}
		}
		Settings map[string]string
	}
	decoder := json.NewDecoder(strings.NewReader(read(filepath.Join(guideFolder, "n8n.json"))))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&workflow); err != nil {
		t.Fatal(err)
	}
	byName := map[string]node{}
	for _, n := range workflow.Nodes {
		if n.ID == "" || n.TypeVersion == 0 || !strings.HasPrefix(n.Type, "n8n-nodes-base.") {
			t.Errorf("node %+v is not complete", n)
		}
		byName[n.Name] = n
	}
	for from, to := range workflow.Connections {
		for _, branch := range to.Main {
			for _, link := range branch {
				if byName[from].ID == "" || byName[link.Node].ID == "" || link.Type != "main" {
					t.Errorf("the connection from %s to %+v leads nowhere", from, link)
				}
			}
		}
	}
	request := byName["Search orders"]
	p := request.Parameters
	if request.Type != "n8n-nodes-base.httpRequest" || p.GenericAuthType != "httpHeaderAuth" || request.Credentials["httpHeaderAuth"].Name == "" || !p.SendQuery || !p.SendHeaders || !p.SendBody || p.SpecifyBody != "json" {
		t.Fatalf("the node is %+v", request)
	}

	var demo struct {
		URL, Key string
		Shop     struct{ ID string }
	}
	if err := json.Unmarshal(launch(t, hookEnv(t), "gateway", "--sandbox", "--listen", "127.0.0.1:0", "--json").firstLine(t), &demo); err != nil {
		t.Fatal(err)
	}
	// An expression begins with an equals sign.
	expand := func(text string) string {
		text, isExpression := strings.CutPrefix(text, "=")
		if isExpression {
			text = strings.NewReplacer("{{ $env.GATEWAY }}", demo.URL, "{{ $env.SHOP }}", demo.Shop.ID).Replace(text)
		}
		return text
	}
	query := url.Values{}
	for _, one := range p.QueryParameters.Parameters {
		query.Set(one.Name, expand(one.Value))
	}
	req, err := http.NewRequestWithContext(t.Context(), p.Method, expand(p.URL)+"?"+query.Encode(), strings.NewReader(p.JSONBody))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range p.HeaderParameters.Parameters {
		req.Header.Set(one.Name, expand(one.Value))
	}
	req.Header.Set("Content-Type", "application/json")  // as n8n does for a body in JSON
	req.Header.Set("Authorization", "Bearer "+demo.Key) // as the credential does
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil || resp.StatusCode != 200 || resp.Header.Get(gateway.HeaderReason) != "" {
		t.Fatalf("HTTP %d %s", resp.StatusCode, text)
	}
	var list any = answer
	for field := range strings.SplitSeq(byName["One item per order"].Parameters.FieldToSplitOut, ".") {
		object, ok := list.(map[string]any)
		if !ok {
			t.Fatalf("there is no %s", field)
		}
		list = object[field]
	}
	if orders, ok := list.([]any); !ok || len(orders) != 2 || bytes.Contains(text, []byte(demo.Key)) {
		t.Errorf("the last node gets %v", list)
	}
}
