package docs_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// scratch calls the operation of the recipe in a sandbox.
const scratch = `package main

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/sandbox"
)

func main() {
	sb, err := sandbox.New(sandbox.Config{})
	if err != nil {
		panic(err)
	}
	defer sb.Close()
	server := httptest.NewServer(sb)
	defer server.Close()
	c := sb.Credentials()
	client := ttshop.New(c.AppKey, c.AppSecret, ttshop.WithEndpoint(server.URL), ttshop.WithTokenSource(ttshop.StaticToken(c.AccessToken)))
	response, err := client.Call(context.Background(), "GET", "/seller/202407/shop_creators", nil, nil)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s\n", response.Data)
}
`

// TestRecipeOfAnOperation follows the recipe for an operation of the sandbox in
// a copy that is not written to the tree.
func TestRecipeOfAnOperation(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, recipe, _ := strings.Cut(string(guide), "### An operation with state in the sandbox\n")
	recipe, _, found := strings.Cut(recipe, "\n### ")
	blocks := regexp.MustCompile("(?s) {3}```go\n(.*?) {3}```").FindAllStringSubmatch(recipe, -1)
	if !found || len(blocks) != 2 {
		t.Fatalf("the recipe has %d pieces of code, want a handler and a line", len(blocks))
	}
	handler := regexp.MustCompile(`(?m)^ {3}`).ReplaceAllString(blocks[0][1], "")
	line := strings.TrimPrefix(blocks[1][1], "   ")
	name, _, _ := strings.Cut(strings.TrimPrefix(handler, "// "), "\n")

	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	room := filepath.Join(root, filepath.FromSlash(filepath.Dir(name)))
	contents, err := os.ReadFile(filepath.Join(room, "domain.go"))
	if err != nil {
		t.Fatal(err)
	}
	at := regexp.MustCompile(`(?m)^\tr\.Handle\(`).FindIndex(contents)
	if at == nil {
		t.Fatalf("%s binds no operation", room)
	}
	registered := string(contents[:at[0]]) + line + string(contents[at[0]:])

	temp := t.TempDir()
	replace := map[string]string{}
	for target, text := range map[string]string{
		filepath.Join(root, filepath.FromSlash(name)):                       handler,
		filepath.Join(room, "domain.go"):                                    registered,
		filepath.Join(root, "sandbox", "internal", "scratch", "scratch.go"): scratch,
	} {
		replace[target] = filepath.Join(temp, strings.ReplaceAll(target[len(root)+1:], string(filepath.Separator), "_"))
		if err := os.WriteFile(replace[target], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(temp, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "go", "run", "-overlay", file, "github.com/ttshop-go/ttshop/sandbox/internal/scratch")
	run.Dir = root
	out, err := run.CombinedOutput()
	if want := `{"shop_creators":[{"binding_status":"ACTIVE","type":"OFFICIAL"}]}`; err != nil || !strings.Contains(string(out), want) {
		t.Errorf("the recipe gives %v and %s; want %s", err, out, want)
	}
}
